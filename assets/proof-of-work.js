// Finds the number that proves work on a challenge: SHA-256 of "challenge.number" has to
// begin with as many zero bits as the challenge says. In plain JavaScript, since the
// browser's own is missing on pages over plain http. Runs as a worker; where there are
// none, a page loads it as a script and calls invoProofOfWork.search in slices.
(() => {
  const PRIMES = (() => {
    const found = [];
    for (let n = 2; found.length < 64; n += 1) if (found.every((p) => n % p)) found.push(n);
    return found;
  })();
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  const K = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
  const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));
  const BLOCK = 64;
  const w = new Int32Array(64);

  const compress = (before, after) => {
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = before[0];
    let b = before[1];
    let c = before[2];
    let d = before[3];
    let e = before[4];
    let f = before[5];
    let g = before[6];
    let h = before[7];
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    after[0] = (before[0] + a) | 0;
    after[1] = (before[1] + b) | 0;
    after[2] = (before[2] + c) | 0;
    after[3] = (before[3] + d) | 0;
    after[4] = (before[4] + e) | 0;
    after[5] = (before[5] + f) | 0;
    after[6] = (before[6] + g) | 0;
    after[7] = (before[7] + h) | 0;
  };

  const load = (text, from) => {
    w.fill(0, 0, 16);
    const length = Math.min(BLOCK, text.length - from);
    for (let i = 0; i < length; i += 1) w[i >> 2] |= text.charCodeAt(from + i) << (24 - (i & 3) * 8);
    return length;
  };

  const zeroBits = (hash) => {
    let at = 0;
    while (at < 7 && hash[at] === 0) at += 1;
    return at * 32 + Math.clz32(hash[at]);
  };

  // Looks at numbers from one on; the first block, the challenge itself, is hashed once.
  const search = (challenge, from, count) => {
    const text = `${challenge}.`;
    if (text.length !== BLOCK) throw new Error("this is no challenge");
    const wanted = Number.parseInt(challenge, 10);
    const first = new Int32Array(8);
    const hash = new Int32Array(8);
    load(text, 0);
    compress(START, first);
    for (let number = from; number < from + count; number += 1) {
      const digits = String(number);
      const length = load(digits, 0);
      w[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
      w[15] = (BLOCK + length) * 8;
      compress(first, hash);
      if (zeroBits(hash) >= wanted) return number;
    }
    return -1;
  };

  // Share of the work that is most likely done; never quite all of it.
  const share = (challenge, tried) =>
    1 - Math.exp(-tried / 2 ** Number.parseInt(challenge, 10));

  if (typeof WorkerGlobalScope === "undefined") {
    globalThis.invoProofOfWork = { search, share };
    return;
  }
  const SLICE = 20000;
  self.onmessage = ({ data: challenge }) => {
    for (let from = 0; ; from += SLICE) {
      const number = search(challenge, from, SLICE);
      if (number >= 0) {
        self.postMessage({ number });
        return;
      }
      self.postMessage({ share: share(challenge, from + SLICE) });
    }
  };
})();
