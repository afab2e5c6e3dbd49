/** What each reason means for a person. `segment N damaged` is made of its number. */
const sentences = {
    "not a sealed clip of version 1": "This is not a sealed clip, or one of a version that this page does not know.",
    header: "The clip's header is damaged: it is not what a recorder writes.",
    "device signature": "The header is not what the recorder signed: it was changed or damaged.",
    "another device": "Another recorder signed this clip than the one that you named.",
    "another clip": "This is another clip, or another part of it, than the one that was asked for.",
    recipients: "The list of those who may open the clip is damaged.",
    "not sealed to this key": "The code is in order, but this clip was sealed to another one.",
    "damaged key": "The clip is sealed to your code, but its key is damaged or was put there by somebody else.",
    "recipients changed": "The list of those who may open the clip was changed or damaged after it was sealed.",
    "no ML-KEM": "This browser lacks ML-KEM-768, which opens this clip. Use a current Chromium or Chrome, or guardian archive open on the command line; your code is not the matter.",
    "no X25519": "This browser lacks X25519 or Ed25519, without which no clip can be checked. Use a current browser, or guardian archive open on the command line.",
    body: "Nothing of the clip itself is in the file: it ends where the picture should begin.",
};

/** A sealed clip that must not be shown, or not any further. `reason` is for programs, `message` for people. */
export class Refusal extends Error {
    constructor(reason, segment = null) {
        super(sentences[reason] ?? `A piece of the clip is damaged: segment ${segment} does not open.`);
        this.name = "Refusal";
        this.reason = reason;
        this.segment = segment;
    }

    /** `offset`: where in the plaintext the damaged segment would begin. */
    static segment(number, offset) { return Object.assign(new Refusal(`segment ${number} damaged`, number), { offset }); }
}
