"""Primitives that browsers lack: Keccak, X-Wing, HPKE, and the recovery code. Tested with vectors of NIST and the RFCs, and hashlib."""

import hashlib
import json
import os
import pathlib
import re

import pytest

pytestmark = pytest.mark.parallel

VECTORS = pathlib.Path(__file__).parent / "vectors"
HEX = "const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16)); const text = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');"
DIGESTS = f"""async (messages) => {{
    {HEX}
    const {{ sha3, shake256 }} = await import("/ui/archive/sealed/keccak.js");
    return messages.map(([message, length]) => text(length === null ? sha3(hex(message)) : shake256(hex(message), length)));
}}"""


def nist_cases(name, digest):
    """Returns the (message, digest) pairs of a NIST response file."""
    found = re.findall(rf"Len = (\d+)\nMsg = ([0-9a-f]+)\n{digest} = ([0-9a-f]+)", (VECTORS / name).read_text().replace("\r", ""))
    return [(message if int(bits) else "", wanted) for bits, message, wanted in found]


def test_sha3_256_matches_the_nist_vectors(page):
    cases = nist_cases("SHA3_256ShortMsg.rsp", "MD")
    assert len(cases) == 137
    assert page.evaluate(DIGESTS, [[message, None] for message, _ in cases]) == [wanted for _, wanted in cases]


def test_sha3_256_matches_the_nist_monte_carlo_vectors(page):
    text = (VECTORS / "SHA3_256Monte.rsp").read_text()
    seed = re.search(r"Seed = ([0-9a-f]+)", text)[1]
    wanted = re.findall(r"MD = ([0-9a-f]+)", text)
    found = page.evaluate(f"""async (seed) => {{
        {HEX}
        const {{ sha3 }} = await import("/ui/archive/sealed/keccak.js");
        let digest = hex(seed);
        return Array.from({{ length: 100 }}, () => {{
            for (let turn = 0; turn < 1000; turn += 1) digest = sha3(digest);
            return text(digest);
        }});
    }}""", seed)
    assert len(wanted) == 100 and found == wanted


def test_shake256_matches_the_nist_vectors(page):
    cases = nist_cases("SHAKE256ShortMsg.rsp", "Output")
    assert len(cases) == 273
    assert page.evaluate(DIGESTS, [[message, 32] for message, _ in cases]) == [wanted for _, wanted in cases]


def test_both_agree_with_hashlib_around_every_block_border_and_for_long_outputs(page):
    messages = [os.urandom(length) for length in [*range(130, 142), *range(266, 278), 5000]]
    inputs = [[message.hex(), None] for message in messages] + [[message.hex(), length] for message in messages for length in (1, 96, 135, 136, 137, 500)]
    wanted = [hashlib.sha3_256(message).hexdigest() for message in messages]
    wanted += [hashlib.shake_256(message).hexdigest(length) for message in messages for length in (1, 96, 135, 136, 137, 500)]
    assert page.evaluate(DIGESTS, inputs) == wanted


@pytest.mark.parametrize("vector", json.loads((VECTORS / "hpke.json").read_text()), ids=lambda vector: f"{vector['source']} {vector['kem_id']:#x} {vector['kdf_id']}")
def test_key_encapsulation_and_schedule_match_the_rfc_vectors(page, vector):
    found = page.evaluate(f"""async (vector) => {{
        {HEX}
        const {{ X25519Pair, XWingPair }} = await import("/ui/archive/sealed/keys.js");
        const {{ schedule, xWing }} = await import("/ui/archive/sealed/hpke.js");
        const pair = await (vector.kem_id === xWing ? XWingPair : X25519Pair).make(hex(vector.skRm));
        const shared = await pair.decapsulate(hex(vector.enc));
        const {{ key, nonce }} = await schedule(vector.kem_id, shared, hex(vector.info), vector.aead_id);
        return {{ pkRm: text(pair.publicKey), shared_secret: text(shared), key: text(key), base_nonce: text(nonce) }};
    }}""", vector)
    # The key schedule supports only HKDF-SHA256. The encapsulation does not depend on it.
    names = found if vector["kdf_id"] == 1 else ["pkRm", "shared_secret"]
    assert {name: found[name] for name in names} == {name: vector[name] for name in names}


READ = """async (code) => {
    const { readCode, writeCode } = await import("/ui/archive/sealed/code.js");
    try {
        const secret = await readCode(code);
        return { secret: [...secret].map((byte) => byte.toString(16).padStart(2, "0")).join(""), again: await writeCode(secret) };
    } catch (error) {
        return { mistyped: error.message };
    }
}"""


def test_a_code_is_read_in_every_common_spelling(page, vectors):
    code = vectors["ownerCode"]
    for written in (code, code.lower(), code.replace("-", " "), code.replace("-", ""), code.replace("0", "O").replace("1", "l"), f"  {code}\n", code.replace("1", "I").replace("0", "o")):
        assert page.evaluate(READ, written) == {"secret": vectors["owner"], "again": code}
    assert page.evaluate(READ, vectors["otherCode"]) == {"secret": vectors["other"], "again": vectors["otherCode"]}


def test_a_mistyped_code_is_detected(page, vectors):
    code = vectors["ownerCode"].replace("-", "")
    assert "12 more" in page.evaluate(READ, code[:-12])["mistyped"]
    assert "57" in page.evaluate(READ, code + "0")["mistyped"]
    assert "group 14" in page.evaluate(READ, code[:-1] + "U")["mistyped"]
    assert "group 2" in page.evaluate(READ, code[:5] + "é" + code[6:])["mistyped"]
    assert "mistyped" in page.evaluate(READ, "")
    for place in range(56):
        other = code[:place] + ("Z" if code[place] != "Z" else "Y") + code[place + 1 :]
        assert "checksum" in page.evaluate(READ, other)["mistyped"], place
    swapped = code[:8] + code[12:16] + code[8:12] + code[16:]
    assert "checksum" in page.evaluate(READ, swapped)["mistyped"]
