import GuardianCore

/// The question to all cameras of a network (WS-Discovery, April 2005, 5.3).
package struct Probe: Sendable {
    /// What is looked for: a camera, or any ONVIF device. Newer cameras answer to the second only (Core Specification, 7.3.3.1).
    package enum Kind: String, CaseIterable, Sendable {
        case camera = "dn:NetworkVideoTransmitter"
        case device = "tds:Device"
    }

    package var kind: Kind
    /// `urn:uuid:` and a UUID of version 4 (RFC 9562, 5.4).
    package var identifier: String

    package init(_ kind: Kind, _ randomness: Randomness) {
        self.kind = kind
        var bytes = randomness.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        identifier = "urn:uuid:\(text)"
    }

    package var message: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<s:Envelope xmlns:s=\"\(ONVIFNamespace.envelope)\" xmlns:a=\"\(ONVIFNamespace.addressing)\" "
            + "xmlns:d=\"\(ONVIFNamespace.discovery)\"><s:Header>"
            + "<a:Action s:mustUnderstand=\"1\">\(ONVIFNamespace.discovery)/Probe</a:Action>"
            + "<a:MessageID>\(identifier)</a:MessageID>"
            + "<a:ReplyTo><a:Address>\(ONVIFNamespace.addressing)/role/anonymous</a:Address></a:ReplyTo>"
            + "<a:To s:mustUnderstand=\"1\">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>"
            + "<s:Body><d:Probe><d:Types xmlns:dn=\"\(ONVIFNamespace.network)\" xmlns:tds=\"\(ONVIFNamespace.device)\">"
            + "\(kind.rawValue)</d:Types></d:Probe></s:Body></s:Envelope>"
    }
}
