import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

let found: boolean | undefined;

/** Whether LibreOffice is installed. */
export function hasOffice(): boolean {
  found ??= spawnSync('soffice', ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  return found;
}

/** Opens workbooks in LibreOffice and saves them under their names. */
export function resaveInOffice(paths: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'retain-office-'));
  try {
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    const output = join(folder, 'saved');
    execFileSync(
      'soffice',
      [profile, '--headless', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', output, ...paths],
      { stdio: 'ignore', timeout: 170_000 },
    );
    for (const path of paths) copyFileSync(join(output, basename(path)), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
