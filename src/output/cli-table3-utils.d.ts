// The measure of text that cli-table3 lays its tables out by. It has no types of its own.
declare module 'cli-table3/src/utils.js' {
  const utils: { strlen(text: string): number };
  export default utils;
}
