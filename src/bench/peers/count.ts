import { DuckDBInstance } from '@duckdb/node-api';

// The floor: the least that reading the file can cost, as a whole process.
//   node dist/bench/peers/count.js FILE

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: count.js FILE');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const reader = await connection.runAndReadAll(
  `select count(*)::double as rows from read_csv('${file.replaceAll("'", "''")}')`,
);
console.log(JSON.stringify({ rows: reader.getRowsJS()[0]?.[0] }));
