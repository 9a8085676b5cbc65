/** How moments are written. */
export interface DateForm {
  readonly name: string;
  /** What is left of the time of day. */
  readonly precision: 'day' | 'minute' | 'second';
  /** Which of day and month comes first, where a reader can only tell by numbers above 12. */
  readonly open?: 'dmy' | 'mdy';
  write(moment: Moment): string;
}

/** A moment in parts, each with its leading zeros. */
export interface Moment {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

export function momentOf(text: string): Moment {
  const [year, month, day, hour, minute, second] = text.split(/[- :]/) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { year, month, day, hour, minute, second };
}

const bare = (number: string) => String(Number(number));
const twelve = (hour: string) => String(Number(hour) % 12 || 12);
const half = (hour: string) => (Number(hour) < 12 ? 'AM' : 'PM');

const dates: readonly (Pick<DateForm, 'name' | 'open'> & { write(moment: Moment): string })[] = [
  { name: 'yyyy-mm-dd', write: ({ year, month, day }) => `${year}-${month}-${day}` },
  { name: 'yyyy-mm-dd', write: ({ year, month, day }) => `${year}-${month}-${day}` },
  { name: 'dd.mm.yyyy', write: ({ year, month, day }) => `${day}.${month}.${year}` },
  { name: 'dd.mm.yyyy', write: ({ year, month, day }) => `${day}.${month}.${year}` },
  { name: 'd.m.yyyy', write: ({ year, month, day }) => `${bare(day)}.${bare(month)}.${year}` },
  { name: 'dd.mm.yy', write: ({ year, month, day }) => `${day}.${month}.${year.slice(2)}` },
  { name: 'dd/mm/yyyy', open: 'dmy', write: ({ year, month, day }) => `${day}/${month}/${year}` },
  { name: 'mm/dd/yyyy', open: 'mdy', write: ({ year, month, day }) => `${month}/${day}/${year}` },
  { name: 'm/d/yyyy', open: 'mdy', write: ({ year, month, day }) => `${bare(month)}/${bare(day)}/${year}` },
  {
    name: 'm/d/yy',
    open: 'mdy',
    write: ({ year, month, day }) => `${bare(month)}/${bare(day)}/${year.slice(2)}`,
  },
  { name: 'dd-mm-yyyy', open: 'dmy', write: ({ year, month, day }) => `${day}-${month}-${year}` },
  { name: 'mm-dd-yyyy', open: 'mdy', write: ({ year, month, day }) => `${month}-${day}-${year}` },
  { name: 'yyyy/mm/dd', write: ({ year, month, day }) => `${year}/${month}/${day}` },
  { name: 'yyyy.mm.dd', write: ({ year, month, day }) => `${year}.${month}.${day}` },
];

const times: readonly (Pick<DateForm, 'name' | 'precision'> & { write(moment: Moment): string })[] = [
  { name: '', precision: 'day', write: () => '' },
  { name: ' hh:mm', precision: 'minute', write: ({ hour, minute }) => ` ${hour}:${minute}` },
  { name: ' h:mm', precision: 'minute', write: ({ hour, minute }) => ` ${bare(hour)}:${minute}` },
  {
    name: ' hh:mm:ss',
    precision: 'second',
    write: ({ hour, minute, second }) => ` ${hour}:${minute}:${second}`,
  },
  {
    name: ' h:mm AM/PM',
    precision: 'minute',
    write: ({ hour, minute }) => ` ${twelve(hour)}:${minute} ${half(hour)}`,
  },
  {
    name: ' hh:mm:ss AM/PM',
    precision: 'second',
    write: ({ hour, minute, second }) =>
      ` ${twelve(hour).padStart(2, '0')}:${minute}:${second} ${half(hour)}`,
  },
];

const isoTimes: typeof times = [
  ...['T', ' '].flatMap((mark) =>
    ['', '.000', 'Z', '+03:00', '-0500', '.123Z', ' UTC'].map((end) => ({
      name: `${mark}hh:mm:ss${end}`,
      precision: 'second' as const,
      write: ({ hour, minute, second }: Moment) => `${mark}${hour}:${minute}:${second}${end}`,
    })),
  ),
];

const months = {
  January: 'января',
  February: 'февраля',
  March: 'марта',
  April: 'апреля',
  May: 'мая',
  June: 'июня',
  July: 'июля',
  August: 'августа',
  September: 'сентября',
  October: 'октября',
  November: 'ноября',
  December: 'декабря',
};
const english = ({ month }: Moment) => Object.keys(months)[Number(month) - 1]!;
const short = (moment: Moment) => english(moment).slice(0, 3);
const russian = ({ month }: Moment) => Object.values(months)[Number(month) - 1]!;

const named: typeof dates = [
  { name: 'd mmm yyyy', write: (at) => `${bare(at.day)} ${short(at)} ${at.year}` },
  { name: 'mmmm d, yyyy', write: (at) => `${english(at)} ${bare(at.day)}, ${at.year}` },
  { name: 'dd-MMM-yyyy', write: (at) => `${at.day}-${short(at).toUpperCase()}-${at.year}` },
  { name: 'd мммм гггг', write: (at) => `${bare(at.day)} ${russian(at)} ${at.year}` },
  { name: 'd мммм гггг г.', write: (at) => `${bare(at.day)} ${russian(at)} ${at.year} г.` },
];

const seconds = ({ year, month, day, hour, minute, second }: Moment) =>
  Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;

const numbers: readonly DateForm[] = [
  {
    name: 'days of Excel',
    precision: 'day',
    write: (at) => String(Math.floor(seconds(at) / 86_400) + 25_569),
  },
  { name: 'Unix seconds', precision: 'second', write: (at) => String(seconds(at)) },
  { name: 'Unix milliseconds', precision: 'second', write: (at) => `${seconds(at)}000` },
];

/** Every date form with every time form that goes with it. */
export const dateForms: readonly DateForm[] = [...dates, ...named]
  .flatMap((date) => {
    const isIso = date.name === 'yyyy-mm-dd';
    return (isIso ? [...times.slice(0, 4), ...isoTimes] : times).map((time) => ({
      name: date.name + time.name,
      precision: time.precision,
      ...(date.open === undefined ? {} : { open: date.open }),
      write: (moment: Moment) => date.write(moment) + time.write(moment),
    }));
  })
  .concat(numbers);

/** What a form keeps of a moment: 'YYYY-MM-DD HH:MM:SS'. */
export function keptOf(at: string, { precision }: DateForm): string {
  switch (precision) {
    case 'day':
      return `${at.slice(0, 10)} 00:00:00`;
    case 'minute':
      return `${at.slice(0, 16)}:00`;
    case 'second':
      return at;
  }
}

/** Whether a reader can tell day from month in this column. */
export function isDecided(moments: readonly string[], { open }: DateForm): boolean {
  return open === undefined || moments.some((at) => Number(at.slice(8, 10)) > 12);
}
