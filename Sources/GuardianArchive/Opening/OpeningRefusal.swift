import GuardianCore

/// Why a sealed clip is not opened, or not further. Each is one step of the checks, in their order.
public enum OpeningRefusal: Error, Hashable, Sendable {
    /// The first eight bytes are others.
    case notASealedClip
    case header
    case signature
    /// Signed, but by another device than the one that is expected.
    case otherDevice
    /// Another clip, or another part of it, than the one that is expected.
    case otherClip
    case recipients
    /// Nothing in it is sealed to this code.
    case wrongCode
    /// It is sealed to this code, but the clip key does not come out.
    case damagedKey
    case recipientsChanged
    case body
    /// The segment with this number, from 0.
    case segment(Int64)

    /// For a person: what is the matter and what to do.
    public var sentence: String {
        switch self {
        case .notASealedClip: "This is no sealed clip of version 1; look whether it is the right file."
        case .header: "The header is damaged, or of a kind that this version does not open; fetch the file again."
        case .signature:
            "The header does not bear its device's signature: it is damaged or forged. Fetch the file again."
        case .otherDevice: "The clip comes from another device than the one expected; look where the file is from."
        case .otherClip: "This is another clip, or another part of it, than the one expected; fetch the right one."
        case .recipients: "The list of recipients is damaged; fetch the file again."
        case .wrongCode:
            "The clip is not sealed to this recovery code. The code is well typed: it belongs to somebody else."
        case .damagedKey:
            "The code is right, but the clip's key in the file is damaged or was exchanged; fetch the file again."
        case .recipientsChanged:
            "The code is right, but somebody changed the list of recipients, or it is damaged; fetch the file again."
        case .body: "The file ends before its picture begins, or what follows is no sealed picture; fetch it again."
        case .segment(let number):
            "Segment \(number) is damaged, cut off or in the wrong place. What stands before it can be kept with --partial."
        }
    }

    /// One word for logs and tables.
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

    /// As the platform's error: `invalidArgument` for another file, `permissionDenied` for another code,
    /// `failedPrecondition` for another device or clip, `dataLoss` for everything that is damaged.
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
    /// Why a sealed clip was refused, when this error is about that.
    public var refusal: OpeningRefusal? { cause as? OpeningRefusal }
}
