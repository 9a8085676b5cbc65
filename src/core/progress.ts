/** Tells on standard error what a long run is doing; says nothing before a second has passed. */
export interface Progress {
  step(what: string): void;
  done(): void;
}

const patience = 1000;

/** Progress for a terminal, or one that is silent. */
export function startProgress(stream: NodeJS.WriteStream, quiet: boolean): Progress {
  if (quiet || !stream.isTTY) return { step: () => {}, done: () => {} };
  const started = Date.now();
  let current = '';
  let shown = false;
  const show = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `${current} (${seconds} s)`.slice(0, (stream.columns ?? 80) - 1);
    stream.write(`\r\u001b[2K${line}`);
    shown = true;
  };
  const timer = setInterval(show, patience);
  timer.unref();
  return {
    step: (what) => {
      current = what;
      if (shown) show();
    },
    done: () => {
      clearInterval(timer);
      if (shown) stream.write('\r\u001b[2K');
    },
  };
}
