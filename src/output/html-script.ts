/**
 * What makes the tables of a report sortable: a click on a header, or a key on it, sorts by its column, again turns
 * it round, and a third time brings the first order back. What is unknown stays last, and rows that sum others up stay
 * below them.
 */
export const script = `
for (const table of document.querySelectorAll('table')) {
  const compareText = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const body = table.tBodies[0];
  const original = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const readers = {
    number: (cell) => Number(cell.dataset.v),
    code: (cell) => Number(cell.dataset.v),
    date: (cell) => cell.dataset.v,
    text: (cell) => cell.textContent,
  };
  const compares = { number: (a, b) => a - b, code: (a, b) => a - b, date: (a, b) => (a < b ? -1 : a > b ? 1 : 0), text: compareText };
  heads.forEach((head, index) => {
    head.querySelector('button').addEventListener('click', () => {
      const next = { none: 'ascending', ascending: 'descending', descending: 'none' }[head.getAttribute('aria-sort')];
      for (const other of heads) other.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', next);
      const kind = head.dataset.kind;
      const direction = next === 'descending' ? -1 : 1;
      const keyed = original.map((row) => {
        const cell = row.cells[index];
        return { row, key: cell.classList.contains('u') ? null : readers[kind](cell) };
      });
      if (next !== 'none') {
        keyed.sort((a, b) =>
          a.key === null || b.key === null
            ? Number(a.key === null) - Number(b.key === null)
            : direction * compares[kind](a.key, b.key));
      }
      body.append(...keyed.map(({ row }) => row));
    });
  });
}
`;
