// interop.js VKEY PROOF...: gives each tlog-proof to @sigstore/verify as a Rekor entry would be given.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const { verifyTLogInclusion } = require('@sigstore/verify/dist/tlog');

const [name, id, key] = fs.readFileSync(process.argv[2], 'utf8').trim().split('+').reduce(
    (parts, piece) => parts.length < 3 ? [...parts, piece] : [...parts.slice(0, 2), parts[2] + '+' + piece], []);
const raw = Buffer.from(key, 'base64').subarray(1);
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
const authority = {
  logID: Buffer.from(id, 'hex'),
  baseURL: name,
  publicKey: crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' }),
};

function parse(file) {
  const text = fs.readFileSync(file, 'utf8');
  const border = text.indexOf('\n\n');
  const [header, extra, index, ...hashes] = text.slice(0, border).split('\n');
  if (header !== 'c2sp.org/tlog-proof@v1') throw new Error(file + ': not a proof');
  return {
    canonicalizedBody: Buffer.from(extra.slice('extra '.length), 'base64'),
    inclusionProof: {
      logIndex: index.slice('index '.length),
      hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
      checkpoint: { envelope: text.slice(border + 2) },
    },
  };
}

const bends = [
  (entry) => { entry.canonicalizedBody[entry.canonicalizedBody.length - 1] ^= 1; },
  (entry) => { entry.inclusionProof.hashes[0][0] ^= 1; },
  (entry) => {
    const bent = entry.inclusionProof.checkpoint.envelope.split('\n');
    bent[1] = String(Number(bent[1]) + 1);
    entry.inclusionProof.checkpoint.envelope = bent.join('\n');
  },
];

let accepted = 0;
let refused = 0;
for (const file of process.argv.slice(3)) {
  verifyTLogInclusion(parse(file), [authority]);
  accepted += 1;
  for (const bend of bends) {
    const entry = parse(file);
    bend(entry);
    try {
      verifyTLogInclusion(entry, [authority]);
    } catch {
      refused += 1;
    }
  }
}
console.log(`accepted ${accepted}, refused ${refused}`);
