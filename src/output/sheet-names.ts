/** The longest sheet name that Excel opens. */
const longest = 31;

/**
 * A function that turns titles into sheet names that Excel accepts and that differ from all it has given before.
 * Excel compares them without regard to case.
 */
export function sheetNamer(): (title: string) => string {
  const taken = new Set(['history']);
  return (title) => {
    const valid = validName(title);
    let name = valid;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
      const ending = ` (${number})`;
      name = cut(valid, longest - ending.length) + ending;
    }
    taken.add(name.toLowerCase());
    return name;
  };
}

function validName(title: string): string {
  const allowed = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: not allowed in a workbook
    .replace(/[\\/?*[\]:\u0000-\u001f\u007f\ufffe\uffff\p{Surrogate}]/gu, ' ')
    .replace(/\s+/g, ' ');
  const name = cut(allowed.replace(/^['\s]+|['\s]+$/g, ''), longest);
  return name === '' ? 'Sheet' : name;
}

/** Shortens without leaving half of a letter that takes two code units. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${kept.trimEnd()}…`;
}
