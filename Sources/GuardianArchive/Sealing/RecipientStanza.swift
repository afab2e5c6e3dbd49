import Crypto
import Foundation
import GuardianCore

/// A clip key, sealed to one recipient.
public struct RecipientStanza: Hashable, Sendable {
    /// The name in the file. A stanza of an unknown kind is ignored.
    let kemName: String
    public let keyID: RecipientKeyID
    let encapsulation: [UInt8]
    let sealedKey: [UInt8]

    /// `nil` when this version does not know the kind.
    public var kem: RecipientKEM? { RecipientKEM(rawValue: kemName) }

    init(kemName: String, keyID: RecipientKeyID, encapsulation: [UInt8], sealedKey: [UInt8]) {
        self.kemName = kemName
        self.keyID = keyID
        self.encapsulation = encapsulation
        self.sealedKey = sealedKey
    }

    /// Seals a clip key to a recipient, for the file with this `bind`.
    init(_ clipKey: ClipKey, to recipient: Recipient, bind: Hash256) throws {
        do {
            let (encapsulation, sealed) = try clipKey.key.withUnsafeBytes {
                try Encapsulation.seal($0, to: recipient, info: Self.info(bind))
            }
            self.init(
                kemName: recipient.kem.rawValue, keyID: recipient.keyID, encapsulation: encapsulation,
                sealedKey: sealed)
        } catch {
            throw GuardianError(
                .invalidArgument, "The recipient \(recipient) has no usable key; copy its line again.",
                cause: error)
        }
    }

    static func info(_ bind: Hash256) -> Data { Data(SealingDomain.header.rawValue.utf8) + bind.bytes }
}

extension [RecipientStanza] {
    /// The recipients' bytes. A list has exactly one encoding.
    package var json: [UInt8] {
        let stanzas = map {
            #"{"kem":"\#($0.kemName)","keyId":"\#($0.keyID.text)""#
                + #","enc":"\#(Base64URL.encode($0.encapsulation))","key":"\#(Base64URL.encode($0.sealedKey))"}"#
        }
        return [UInt8]("[\(stanzas.joined(separator: ","))]".utf8)
    }

    /// Parses 1 to 64 stanzas; `nil` when the text is not their exact encoding.
    package init?(json bytes: ArraySlice<UInt8>) {
        self.init()
        var json = ExactJSON(bytes)
        guard json.skip("[") else { return nil }
        repeat {
            guard json.skip(#"{"kem":""#), let kem = json.string(),
                json.skip(#","keyId":""#), let keyID = json.base64().flatMap({ RecipientKeyID(bytes: $0) }),
                json.skip(#","enc":""#), let encapsulation = json.base64(),
                json.skip(#","key":""#), let sealedKey = json.base64(), json.skip("}")
            else { return nil }
            let stanza = RecipientStanza(
                kemName: String(decoding: kem, as: UTF8.self), keyID: keyID, encapsulation: encapsulation,
                sealedKey: sealedKey)
            if let kem = stanza.kem {
                guard encapsulation.count == kem.encapsulationSize,
                    sealedKey.count == ClipKey.size + SealedFormat.tagSize
                else { return nil }
            }
            append(stanza)
            guard count <= SealedFormat.recipientLimit else { return nil }
        } while json.skip(",")
        guard json.skip("]"), json.isAtEnd, self.json.elementsEqual(bytes) else { return nil }
    }
}
