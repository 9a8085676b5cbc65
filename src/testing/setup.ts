import fc from 'fast-check';

// The same cases on every run, so that a failure is a change; RETAIN_SEED=N looks for new ones.
fc.configureGlobal({ seed: Number(process.env.RETAIN_SEED ?? 20240630) });
