// SHA-3 (FIPS 202), which WebCrypto lacks; X-Wing needs SHA3-256 and SHAKE256. Lanes are pairs of 32-bit words, low word first.

const rounds = 24;

/** Rotations and destinations of the rho and pi steps, and the iota constants, computed as in FIPS 202 (3.2.2, 3.2.3, 3.2.5). */
const steps = [];
for (let turn = 0, x = 1, y = 0; turn < 24; turn += 1) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    steps.push([x + 5 * y, ((turn + 1) * (turn + 2) / 2) % 64]);
}
const constants = new Uint32Array(2 * rounds);
for (let round = 0, register = 1; round < rounds; round += 1) {
    for (let power = 0; power < 7; power += 1) {
        register = ((register << 1) ^ ((register >> 7) * 0x71)) & 255;
        const bit = (1 << power) - 1;
        if (register & 2) constants[2 * round + (bit >> 5)] ^= 1 << (bit & 31);
    }
}

function rotate(low, high, by) {
    if (by >= 32) [low, high, by] = [high, low, by - 32];
    if (by === 0) return [low, high];
    return [(low << by) | (high >>> (32 - by)), (high << by) | (low >>> (32 - by))];
}

function permute(state) {
    const columns = new Uint32Array(10);
    const row = new Uint32Array(10);
    for (let round = 0; round < rounds; round += 1) {
        for (let word = 0; word < 10; word += 1) columns[word] = state[word] ^ state[word + 10] ^ state[word + 20] ^ state[word + 30] ^ state[word + 40];
        for (let x = 0; x < 5; x += 1) {
            const left = 2 * ((x + 4) % 5);
            const right = 2 * ((x + 1) % 5);
            const [low, high] = rotate(columns[right], columns[right + 1], 1);
            for (let lane = 2 * x; lane < 50; lane += 10) {
                state[lane] ^= columns[left] ^ low;
                state[lane + 1] ^= columns[left + 1] ^ high;
            }
        }
        let low = state[2];
        let high = state[3];
        for (const [to, by] of steps) {
            const next = [state[2 * to], state[2 * to + 1]];
            [state[2 * to], state[2 * to + 1]] = rotate(low, high, by);
            [low, high] = next;
        }
        for (let start = 0; start < 50; start += 10) {
            row.set(state.subarray(start, start + 10));
            for (let word = 0; word < 10; word += 1) state[start + word] = row[word] ^ (~row[(word + 2) % 10] & row[(word + 4) % 10]);
        }
        state[0] ^= constants[2 * round];
        state[1] ^= constants[2 * round + 1];
    }
}

/** The sponge construction. `rate` is in bytes; `suffix` contains the domain separation bits and the first padding bit. */
function sponge(rate, suffix, message, length) {
    const state = new Uint32Array(50);
    const mix = (byte, at) => { state[at >> 2] ^= byte << (8 * (at & 3)); };
    let at = 0;
    for (const byte of message) {
        mix(byte, at);
        at += 1;
        if (at === rate) {
            permute(state);
            at = 0;
        }
    }
    mix(suffix, at);
    mix(0x80, rate - 1);
    permute(state);
    const digest = new Uint8Array(length);
    for (let place = 0, from = 0; place < length; place += 1, from += 1) {
        if (from === rate) {
            permute(state);
            from = 0;
        }
        digest[place] = (state[from >> 2] >>> (8 * (from & 3))) & 255;
    }
    state.fill(0);
    return digest;
}

/** SHA3-256: 32 bytes. */
export const sha3 = (message) => sponge(136, 0x06, message, 32);

/** SHAKE256: `length` bytes. */
export const shake256 = (message, length) => sponge(136, 0x1f, message, length);
