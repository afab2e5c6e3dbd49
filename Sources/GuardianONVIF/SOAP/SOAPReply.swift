import GuardianClients
import GuardianCore

/// What came back for a request.
package struct SOAPReply: Sendable {
    package enum Content: Sendable {
        /// The first element of the body.
        case result(XMLElement)
        case fault(SOAPFault)
        /// No SOAP, with the reason for people.
        case other(String)
    }

    /// The HTTP status.
    package var status: Int
    package var content: Content
    package var challenges: [HTTPChallenge]
    /// The Date header field.
    package var date: Timestamp?
    /// Whether the body says that logins are locked.
    package var isLocked: Bool
    /// Where the answer came from, after redirects.
    package var address: CameraAddress

    /// The levels that an answer has at most. Profiles with analytics have about 15.
    private static let depth = 32

    package init(
        status: Int, body: [UInt8], challenges: [HTTPChallenge] = [], date: Timestamp? = nil, address: CameraAddress
    ) {
        self.status = status
        self.challenges = challenges
        self.date = date
        self.address = address
        content = Self.content(body)
        // RFC 4918, 11.3; RFC 6585, 4. Some makers say it in words only.
        isLocked = status == 423 || status == 429 || (status != 200 && Self.saysLocked(body))
    }

    /// Whether the camera wants a login, or another one than it got.
    package var wantsLogin: Bool {
        if status == 401 || status == 403 || isLocked { return true }
        if case .fault(let fault) = content { return fault.isAboutLogin }
        return false
    }

    private static func content(_ body: [UInt8]) -> Content {
        guard !body.isEmpty else { return .other("an empty answer") }
        do throws(XMLReader.Fault) {
            let root = try XMLReader.read(body, depth: depth)
            guard root.name == "Envelope", let first = root["Body"]?.children.first else { return .other("no SOAP") }
            return first.name == "Fault" ? .fault(SOAPFault(first)) : .result(first)
        } catch {
            return .other("broken XML")
        }
    }

    /// Whether the words are `<lockStatus>lock</lockStatus>`, "account is locked" or the like. Any "lock" would be too much: a
    /// page about a login may have one in its styles.
    private static func saysLocked(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self)
        return text.contains(#/(?i)lockstatus>\s*lock\s*</#)
            || text.contains(#/(?i)\b(account|user|login|ip|address|device|temporarily)\b[^<>]{0,40}\blocked\b/#)
            || text.contains(#/(?i)\btoo many\b[^<>]{0,20}\b(attempts|logins)\b/#)
    }
}
