/** The 97.5 % quantile of the standard normal distribution: as many standard deviations either side hold 95 % of it. */
export const normal95 = 1.959963984540054;
