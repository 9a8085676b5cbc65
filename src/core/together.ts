/**
 * What is computed while other work goes on. Both have ended when this does, whatever either does: where one fails, its error is
 * thrown, the first of the two.
 */
export async function together<T>(computed: Promise<T>, other: Promise<unknown>): Promise<T> {
  let first: { readonly error: unknown } | undefined;
  const watch = (error: unknown) => {
    first ??= { error };
  };
  computed.catch(watch);
  other.catch(watch);
  await Promise.allSettled([computed, other]);
  if (first !== undefined) throw first.error;
  return computed;
}
