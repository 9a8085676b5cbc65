import type { Archive } from '../input/archive.js';
import { escapeText } from '../ooxml/xml.js';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** A workbook without sheets, to which they are added as to any other. */
export function newWorkbook(title: string, asOf: string): Archive {
  const properties =
    `<cp:coreProperties xmlns:cp="${packaged}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
    ` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `<dc:title>${escapeText(title)}</dc:title><dc:creator>retain</dc:creator><cp:lastModifiedBy>retain</cp:lastModifiedBy>` +
    `<dcterms:created xsi:type="dcterms:W3CDTF">${asOf}T00:00:00Z</dcterms:created>` +
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${asOf}T00:00:00Z</dcterms:modified></cp:coreProperties>`;
  const parts: [string, string][] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="${packaged}/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>` +
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${packaged}/relationships">` +
        `<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/>` +
        `<Relationship Id="rId2" Type="${packaged}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    ],
    ['docProps/core.xml', properties],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${office}"><bookViews><workbookView activeTab="0"/></bookViews><sheets></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packaged}/relationships">` +
        `<Relationship Id="rId1" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${main}">` +
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>' +
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>' +
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>' +
        `<dxfs count="1"><dxf><font><color rgb="FF1E6B34"/></font><fill><patternFill><bgColor rgb="FF${newsFill}"/></patternFill></fill></dxf></dxfs>` +
        '</styleSheet>',
    ],
  ];
  return archiveOf(new Map(parts.map(([name, xml]) => [name, Buffer.from(declaration + xml)])));
}

const newsFill = 'D9F2E0';

/** A sheet that holds nothing yet. */
export function newSheet(options: {
  readonly views?: string;
  /** Elements that follow the rows, in the order that the format wants. */
  readonly after?: string;
  /** Whether a page is as wide as the table. */
  readonly isFitted?: boolean;
}): string {
  const { views = '', after = '', isFitted = false } = options;
  const properties = isFitted ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : '';
  return (
    `${declaration}<worksheet xmlns="${main}" xmlns:r="${office}">${properties}<sheetViews><sheetView workbookViewId="0">${views}</sheetView></sheetViews>` +
    `<sheetFormatPr defaultRowHeight="15"/><sheetData></sheetData>${after}</worksheet>`
  );
}

function archiveOf(parts: ReadonlyMap<string, Buffer>): Archive {
  return {
    names: [...parts.keys()],
    has: (name) => parts.has(name),
    async *read(name) {
      const content = parts.get(name);
      if (content === undefined) throw new Error(`no part ${name}`);
      yield content;
    },
    close: async () => {},
  };
}
