/** The sentence of each reason; that of `segment N damaged` is formatted with its number. */
const sentences = {
    "not a sealed clip of version 1": "This is not a sealed clip, or it has a version that this page does not know.",
    header: "The clip's header is damaged: it is not what a recorder writes.",
    "device signature": "The header is not what the recorder signed: it was changed or damaged.",
    "another device": "This clip was signed by another recorder than the one that you named.",
    "another clip": "This is another clip, or another part of it, than the requested one.",
    recipients: "The clip's list of recipients is damaged.",
    "not sealed to this key": "The code is valid, but this clip was sealed to another one.",
    "damaged key": "The clip is sealed to your code, but its key is damaged or was replaced by someone else.",
    "recipients changed": "The clip's list of recipients was changed or damaged after it was sealed.",
    "no ML-KEM": "This browser lacks ML-KEM-768, which opens this clip. Use a current Chromium or Chrome, or guardian archive open on the command line; your code is not the problem.",
    "no X25519": "This browser lacks X25519 or Ed25519, without which no clip can be checked. Use a current browser, or guardian archive open on the command line.",
    body: "The file contains no video: it ends after the header.",
};

/** Why a sealed clip, or the rest of it, must not be shown. `reason` is for programs, `message` for people. */
export class Refusal extends Error {
    constructor(reason, segment = null) {
        super(sentences[reason] ?? `A piece of the clip is damaged: segment ${segment} does not open.`);
        this.name = "Refusal";
        this.reason = reason;
        this.segment = segment;
    }

    /** `offset`: the offset of the damaged segment in the plaintext. */
    static segment(number, offset) { return Object.assign(new Refusal(`segment ${number} damaged`, number), { offset }); }
}
