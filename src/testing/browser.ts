import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** The program of a Chromium that is installed here, or undefined. */
export const chromium: string | undefined = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'].find(
  (name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  },
);

/** Why tests of pages are skipped, for the names of these tests. */
export const noChromium = chromium === undefined ? ' (skipped: no Chromium is installed)' : '';

// biome-ignore lint/suspicious/noExplicitAny: whatever the browser answers
type Answer = any;

/** An open page, and what happened on it. */
export interface Page {
  /** Messages of the console, exceptions and breaches of the page's policy. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for, itself included. */
  readonly requests: readonly string[];
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<Answer>;
  /** Presses and releases the mouse in the middle of the first element that a selector finds. */
  click(selector: string): Promise<void>;
  /** Presses a key: 'Tab', 'Enter'. */
  press(key: 'Tab' | 'Enter'): Promise<void>;
  /** The page as printed on paper: a PDF. */
  print(): Promise<Uint8Array>;
  screenshot(): Promise<Uint8Array>;
}

export interface PageOptions {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
}

/** Opens a file in a headless Chromium, works with the page, and leaves nothing behind. */
export async function withPage<T>(
  path: string,
  { width, height, dark = false }: PageOptions,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'retain-browser-'));
  // Root, as in containers, may not use the sandbox.
  const child = spawn(
    chromium!,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  try {
    const browser = connect(child);
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    const send = (method: string, parameters: object = {}) => browser.send(method, parameters, sessionId);
    const complaints: string[] = [];
    const requests: string[] = [];
    browser.on('Runtime.exceptionThrown', ({ exceptionDetails }) =>
      complaints.push(exceptionDetails.exception?.description ?? exceptionDetails.text),
    );
    browser.on('Runtime.consoleAPICalled', ({ type, args }) =>
      complaints.push(`${type}: ${args.map(({ value }: Answer) => value).join(' ')}`),
    );
    browser.on('Log.entryAdded', ({ entry }) => complaints.push(entry.text));
    browser.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
    await send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    const loaded = browser.once('Page.loadEventFired');
    await send('Page.navigate', { url: pathToFileURL(path).href });
    await loaded;
    const evaluate = async (expression: string) => {
      const answer = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      if (answer.exceptionDetails !== undefined)
        throw new Error(answer.exceptionDetails.exception.description);
      return answer.result.value;
    };
    return await work({
      complaints,
      requests,
      evaluate,
      click: async (selector) => {
        const place = await evaluate(`(() => {
          const element = document.querySelector(${JSON.stringify(selector)});
          element.scrollIntoView({ block: 'center', inline: 'center' });
          const { x, y, width, height } = element.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        })()`);
        for (const type of ['mousePressed', 'mouseReleased']) {
          await send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
        }
      },
      press: async (key) => {
        const code = { Tab: 9, Enter: 13 }[key];
        const text = key === 'Enter' ? { text: '\r' } : {};
        for (const type of ['keyDown', 'keyUp']) {
          await send('Input.dispatchKeyEvent', {
            type,
            key,
            code: key,
            windowsVirtualKeyCode: code,
            ...text,
          });
        }
      },
      print: async () => {
        const { data } = await send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
        return Buffer.from(data, 'base64');
      },
      screenshot: async () => {
        const { data } = await send('Page.captureScreenshot', {
          format: 'png',
          captureBeyondViewport: false,
        });
        return Buffer.from(data, 'base64');
      },
    });
  } finally {
    child.kill('SIGKILL');
    await ended;
    await removeFolder(profile);
  }
}

/** The debugging protocol over two pipes: JSON with a zero byte after each message. */
function connect(child: ChildProcess) {
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const pending = new Map<number, { done: (answer: Answer) => void; fail: (error: Error) => void }>();
  const listeners = new Map<string, ((parameters: Answer) => void)[]>();
  let rest = '';
  let last = 0;
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, result, error, method, params } = JSON.parse(message);
      if (id === undefined) for (const listen of listeners.get(method) ?? []) listen(params);
      else if (error === undefined) pending.get(id)?.done(result);
      else pending.get(id)?.fail(new Error(error.message));
    }
  });
  child.once('exit', (code) => {
    for (const { fail } of pending.values()) fail(new Error(`the browser ended with ${code}`));
  });
  input.on('error', () => {});
  const on = (method: string, listen: (parameters: Answer) => void) => {
    listeners.set(method, [...(listeners.get(method) ?? []), listen]);
  };
  return {
    on,
    once: (method: string) => new Promise<Answer>((done) => on(method, done)),
    send: (method: string, params: object, sessionId?: string) =>
      new Promise<Answer>((done, fail) => {
        last += 1;
        pending.set(last, { done, fail });
        input.write(
          `${JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
        );
      }),
  };
}

/** Removes the folder of a browser, whose helpers may still write to it while they end. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
