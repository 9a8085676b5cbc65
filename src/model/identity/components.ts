import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';

/**
 * Makes table int_components (node, root) from table int_edges (a, b) of numbers: nodes that edges connect have
 * one root, the least of them; nodes without an edge to another are not in it.
 *
 * Large star and small star in turns (Kiveris and others, 2014): every node hangs itself on the least neighbour
 * it knows, until each hangs on a root. A chain of n nodes takes in the order of log n rounds, and the engine
 * does each as a few passes over sets.
 */
export async function connectedComponents(engine: Engine): Promise<void> {
  await engine.run(sql`
    create table int_pairs as
    select distinct greatest(a, b) as high, least(a, b) as low from int_edges where a <> b`);
  while (!(await areStars(engine))) {
    // Every neighbour above a node is hung on the least one around it.
    await engine.run(sql`
      create table int_large_stars as
      select distinct other as high, least(node, least_other) as low from (
        select node, other, min(other) over (partition by node) as least_other from (
          select high as node, low as other from int_pairs union all select low as node, high as other from int_pairs
        ) as directed
      ) as seen where other > node`);
    // Every node and its neighbours below are hung on the least of those.
    await engine.run(raw('drop table int_pairs'));
    await engine.run(sql`
      create table int_pairs as
      with seen as (select high, low, min(low) over (partition by high) as least_low from int_large_stars)
      select high, least_low as low from seen union select low as high, least_low as low from seen where low <> least_low`);
    await engine.run(raw('drop table int_large_stars'));
  }
  await engine.run(sql`
    create table int_components as
    select high as node, low as root from int_pairs union select low as node, low as root from int_pairs`);
  await engine.run(raw('drop table int_pairs'));
}

/** Whether every node hangs on one node, and that one on none. */
async function areStars(engine: Engine): Promise<boolean> {
  const [row] = await engine.query(sql`
    select (select count(*) - count(distinct high) from int_pairs)
      + (select count(*) from int_pairs where low in (select high from int_pairs)) as wrong`);
  return row?.wrong === 0;
}
