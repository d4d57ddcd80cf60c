// Times the same table of rows in WebAssembly, in Node, without dependencies:
//
//   node benches/wasm.mjs path/to/unstuck_benches.wasm [ROW …] [--rounds N]
//
// Prints the lines that `unstuck-bench` prints natively; progress goes to
// stderr. See `measure.rs` for why rounds are interleaved and rotated.

import { readFileSync } from 'node:fs';

const ROUNDS = 15;

const { path, names, rounds } = parse(process.argv.slice(2));
const bench = instantiate(path);

process.stderr.write(`nanoseconds per operation, medians of ${rounds} interleaved rounds, Node ${process.version}\n`);
for (let row = 0; row < bench.rows(); row++) {
  const name = text(bench.row_name(row), bench.row_name_length(row));
  if (!isWanted(name)) continue;
  process.stderr.write(`${name}, round`);
  const times = measure(row);
  process.stderr.write('\n');
  for (const line of lines(row, name, times)) console.log(line);
}

// The row `W2-wasm` is wanted as `W2` too: `cargo xtask bench` gives its
// arguments to both programs, and the native one says which rows there are.
function isWanted(row) {
  return names.length === 0 || names.includes(row) || names.includes(row.replace(/-wasm$/, ''));
}

// Nanoseconds per operation, per entrant and round.
function measure(row) {
  const entrants = bench.entrants(row);
  const times = Array.from({ length: entrants }, () => []);
  for (let entrant = 0; entrant < entrants; entrant++) bench.run(row, entrant);
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(` ${round + 1}`);
    for (let turn = 0; turn < entrants; turn++) {
      const entrant = (turn + round) % entrants;
      const start = performance.now();
      bench.run(row, entrant);
      const milliseconds = performance.now() - start;
      times[entrant].push((milliseconds * 1e6) / bench.operations(row));
    }
  }
  return times;
}

// One line a peer; the first entrant is ours. Where no peer runs, ours alone.
function lines(row, name, [ours, ...peers]) {
  if (peers.length === 0) return [`bench ${name} ours=${median(ours).toFixed(1)}`];
  return peers.map((theirs, i) => {
    const peer = text(bench.entrant_name(row, i + 1), bench.entrant_name_length(row, i + 1));
    const ratios = theirs.map((time, round) => time / ours[round]);
    const [a, b] = [ours, theirs].map((times) => median(times).toFixed(1));
    return `bench ${name} ours=${a} peer=${peer}:${b} ratio=${median(ratios).toFixed(2)}`;
  });
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function text(start, length) {
  return new TextDecoder().decode(new Uint8Array(bench.memory.buffer, start, length));
}

function instantiate(path) {
  const module = new WebAssembly.Module(readFileSync(path));
  const imports = WebAssembly.Module.imports(module).map((it) => `${it.module}.${it.name}`);
  if (imports.length > 0) fail(`the module should import nothing, but imports ${imports.join(', ')}`);
  return new WebAssembly.Instance(module).exports;
}

function parse(args) {
  if (args.includes('--help') || args.length === 0) {
    console.log(`Usage: node wasm.mjs FILE.wasm [ROW …] [--rounds N]   (${ROUNDS} rounds by default)`);
    process.exit(args.length === 0 ? 2 : 0);
  }
  const flag = args.indexOf('--rounds');
  const rounds = flag < 0 ? ROUNDS : Number(args.splice(flag, 2)[1]);
  if (!Number.isInteger(rounds) || rounds < 1) fail('--rounds wants a positive number');
  const [path, ...names] = args;
  return { path, names, rounds };
}

function fail(sentence) {
  process.stderr.write(`wasm.mjs: ${sentence}\n`);
  process.exit(2);
}
