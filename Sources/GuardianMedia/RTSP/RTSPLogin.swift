import CLibAV
import GuardianCore

/// How a camera wants its viewers to log in: Basic (RFC 7617), or Digest (RFC 7616) with MD5 or SHA-256.
struct RTSPChallenge: Sendable, Equatable {
    enum Scheme: Sendable, Equatable {
        case basic
        /// - Parameter session: whether the algorithm is the `-sess` one.
        case digest(Algorithm, session: Bool)
        /// One that we do not know, by the name that the camera gives it.
        case unknown(String)
    }

    enum Algorithm: String, Sendable {
        case md5 = "MD5"
        case sha256 = "SHA-256"
    }

    var scheme: Scheme
    var parameters: [String: String]

    /// Reads the `WWW-Authenticate` fields of a response. A field may hold several challenges.
    static func all(in fields: [String]) -> [RTSPChallenge] {
        fields.prefix(16).flatMap { field in
            let field = field.prefix(4_096)
            let starts = field.matches(of: #/(?i)(?:^|,)\s*(digest|basic|bearer|negotiate|ntlm)(?=\s|$)/#)
            return starts.enumerated().map { index, start in
                let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : field.endIndex
                return RTSPChallenge(String(start.output.1), field[start.range.upperBound..<end])
            }
        }
    }

    private init(_ name: String, _ text: Substring) {
        var parameters: [String: String] = [:]
        for match in text.matches(of: #/([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/#) {
            parameters[match.output.1.lowercased()] = String(match.output.2 ?? match.output.3 ?? "")
        }
        self.parameters = parameters
        let given = parameters["algorithm"] ?? "MD5"
        let isSession = given.lowercased().hasSuffix("-sess")
        switch (name.lowercased(), Algorithm(rawValue: (isSession ? String(given.dropLast(5)) : given).uppercased())) {
        case ("basic", _): scheme = .basic
        case ("digest", let algorithm?): scheme = .digest(algorithm, session: isSession)
        case ("digest", nil): scheme = .unknown("Digest \(given.prefix(20))")
        default: scheme = .unknown(name)
        }
    }

    /// The one to answer: the strongest that we know.
    static func best(of challenges: [RTSPChallenge]) -> RTSPChallenge? {
        func strength(_ challenge: RTSPChallenge) -> Int {
            switch challenge.scheme {
            case .digest(.sha256, _): 3
            case .digest(.md5, _): 2
            case .basic: 1
            case .unknown: 0
            }
        }
        return challenges.max { strength($0) < strength($1) }.flatMap { strength($0) > 0 ? $0 : nil }
    }

    /// Whether libav could answer: it looks only at the last digest, of which it knows MD5 alone, and not beside `auth-int`.
    static func suitsLibAV(_ challenges: [RTSPChallenge]) -> Bool {
        let digests = challenges.filter { challenge in
            switch challenge.scheme {
            case .digest: true
            case .unknown(let name): name.hasPrefix("Digest")
            case .basic: false
            }
        }
        guard let last = digests.last else { return challenges.contains { $0.scheme == .basic } }
        if case .digest(.md5, _) = last.scheme { return last.parameters["qop"]?.contains("auth-int") != true }
        return false
    }
}

/// Answers one challenge with a user's name and password.
struct RTSPLogin {
    private let challenge: RTSPChallenge
    private let user: String
    private let password: String
    private var count = 0

    init(_ challenge: RTSPChallenge, _ credentials: Secret<String>) {
        self.challenge = challenge
        let text = credentials.reveal()
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        user = Self.decoded(text[..<colon])
        password = Self.decoded(text[colon...].dropFirst())
    }

    /// Returns the `Authorization` field of a request.
    mutating func field(method: String, uri: String) -> String? {
        guard case .digest(let algorithm, let isSession) = challenge.scheme else { return basic }
        let given = challenge.parameters
        count += 1
        let nonce = given["nonce"] ?? ""
        let clientNonce = Self.hexadecimal((0..<8).map { _ in UInt8.random(in: .min ... .max) })
        let number =
            String(repeating: "0", count: 8 - min(8, String(count, radix: 16).count)) + String(count, radix: 16)
        func hash(_ text: String) -> String { Self.hash(text, algorithm) }
        var first = hash("\(user):\(given["realm"] ?? ""):\(password)")
        if isSession { first = hash("\(first):\(nonce):\(clientNonce)") }
        let second = hash("\(method):\(uri)")
        let offers = given["qop"]?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        let hasQuality = offers.contains("auth")
        let response =
            hasQuality
            ? hash("\(first):\(nonce):\(number):\(clientNonce):auth:\(second)") : hash("\(first):\(nonce):\(second)")
        var field =
            "Digest username=\"\(Self.escaped(user))\", realm=\"\(given["realm"] ?? "")\", nonce=\"\(nonce)\", "
            + "uri=\"\(uri)\", response=\"\(response)\""
        if let name = given["algorithm"] { field += ", algorithm=\(name)" }
        if let opaque = given["opaque"] { field += ", opaque=\"\(opaque)\"" }
        if hasQuality { field += ", qop=auth, nc=\(number)" }
        if hasQuality || isSession { field += ", cnonce=\"\(clientNonce)\"" }
        return field
    }

    private var basic: String? {
        guard challenge.scheme == .basic else { return nil }
        let bytes = Array("\(user):\(password)".utf8)
        var text = [CChar](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        guard av_base64_encode(&text, Int32(text.count), bytes, Int32(bytes.count)) != nil else { return nil }
        return "Basic \(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))"
    }

    private static func hash(_ text: String, _ algorithm: RTSPChallenge.Algorithm) -> String {
        var context: OpaquePointer?
        guard av_hash_alloc(&context, algorithm == .md5 ? "MD5" : "SHA256") >= 0 else { return "" }
        defer { av_hash_freep(&context) }
        let bytes = Array(text.utf8)
        var sum = [UInt8](repeating: 0, count: Int(av_hash_get_size(context)))
        av_hash_init(context)
        av_hash_update(context, bytes, bytes.count)
        av_hash_final(context, &sum)
        return hexadecimal(sum)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// Decodes `%2F`; leaves what is no such code.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
