import GuardianCore

/// Why a sealed clip is not opened, or not opened further. The cases are in the order of the checks.
public enum OpeningRefusal: Error, Hashable, Sendable {
    /// The first eight bytes are not the magic bytes.
    case notASealedClip
    case header
    case signature
    /// Signed, but by another device than the one that is expected.
    case otherDevice
    /// Another clip, or another part of it, than the one that is expected.
    case otherClip
    case recipients
    /// No stanza is sealed to the keys of this recovery code.
    case wrongCode
    /// A stanza is sealed to this recovery code, but does not hold the clip key.
    case damagedKey
    case recipientsChanged
    case body
    /// The segment with this number, from 0.
    case segment(Int64)

    /// For a person: what is wrong and what to do.
    public var sentence: String {
        switch self {
        case .notASealedClip: "The file is not a sealed clip of version 1; check that it is the right file."
        case .header: "The header is damaged, or of a kind that this version does not open; fetch the file again."
        case .signature:
            "The signature of the header is not valid: the header is damaged or forged. Fetch the file again."
        case .otherDevice: "The clip comes from another device than expected; check where the file comes from."
        case .otherClip: "The file is another clip or part than expected; fetch the right one."
        case .recipients: "The list of recipients is damaged; fetch the file again."
        case .wrongCode:
            "The clip is not sealed to this recovery code. The code has no typing error: it belongs to another owner."
        case .damagedKey:
            "The code is right, but the clip's key in the file is damaged or was replaced; fetch the file again."
        case .recipientsChanged:
            "The code is right, but the list of recipients was changed or is damaged; fetch the file again."
        case .body: "The file ends before its content begins, or the content is not sealed; fetch the file again."
        case .segment(let number):
            "Segment \(number) is damaged, cut off or in the wrong place. Use --partial to keep what comes before it."
        }
    }

    /// Short name for logs and tables.
    public var name: String {
        switch self {
        case .notASealedClip: "not_a_sealed_clip"
        case .header: "header"
        case .signature: "signature"
        case .otherDevice: "other_device"
        case .otherClip: "other_clip"
        case .recipients: "recipients"
        case .wrongCode: "wrong_code"
        case .damagedKey: "damaged_key"
        case .recipientsChanged: "recipients_changed"
        case .body: "body"
        case .segment: "segment"
        }
    }

    /// The refusal as a `GuardianError`: `invalidArgument` for a file of another kind, `permissionDenied` for a wrong
    /// code, `failedPrecondition` for another device or clip, `dataLoss` for everything that is damaged.
    public var error: GuardianError {
        let code: GuardianError.Code =
            switch self {
            case .notASealedClip: .invalidArgument
            case .wrongCode: .permissionDenied
            case .otherDevice, .otherClip: .failedPrecondition
            default: .dataLoss
            }
        return GuardianError(code, sentence, cause: self, context: ["refusal": name])
    }
}

extension OpeningRefusal: CustomStringConvertible {
    public var description: String {
        if case .segment(let number) = self { return "segment \(number)" }
        return name
    }
}

extension GuardianError {
    /// The refusal that caused this error, if it was one.
    public var refusal: OpeningRefusal? { cause as? OpeningRefusal }
}
