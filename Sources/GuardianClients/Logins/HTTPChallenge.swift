/// How a server, such as a camera, wants its clients to log in, over HTTP or RTSP: Basic (RFC 7617), or Digest (RFC 7616)
/// with MD5 or SHA-256.
package struct HTTPChallenge: Sendable, Equatable {
    package enum Scheme: Sendable, Equatable {
        case basic
        /// - Parameter session: whether the algorithm is the `-sess` one.
        case digest(Algorithm, session: Bool)
        /// One that we do not know, by the name that the server gives it.
        case unknown(String)
    }

    package enum Algorithm: String, Sendable {
        case md5 = "MD5"
        case sha256 = "SHA-256"
    }

    package var scheme: Scheme
    package var parameters: [String: String]

    /// Reads the `WWW-Authenticate` fields of a response. A field may hold several challenges.
    package static func all(in fields: [String]) -> [HTTPChallenge] {
        fields.prefix(16).flatMap { field in
            let field = field.prefix(4_096)
            let starts = field.matches(of: #/(?i)(?:^|,)\s*(digest|basic|bearer|negotiate|ntlm)(?=\s|$)/#)
            return starts.enumerated().map { index, start in
                let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : field.endIndex
                return HTTPChallenge(String(start.output.1), field[start.range.upperBound..<end])
            }
        }
    }

    private init(_ name: String, _ text: Substring) {
        var parameters: [String: String] = [:]
        for match in text.matches(of: #/([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/#) {
            parameters[match.output.1.lowercased()] = String(match.output.2 ?? match.output.3 ?? "")
        }
        self.parameters = parameters
        // A challenge without one means MD5 (RFC 7616, 3.3).
        let given = parameters["algorithm"] ?? "MD5"
        let isSession = given.lowercased().hasSuffix("-sess")
        switch (name.lowercased(), Algorithm(rawValue: (isSession ? String(given.dropLast(5)) : given).uppercased())) {
        case ("basic", _): scheme = .basic
        case ("digest", let algorithm?): scheme = .digest(algorithm, session: isSession)
        case ("digest", nil): scheme = .unknown("Digest \(given.prefix(20))")
        default: scheme = .unknown(name)
        }
    }

    /// Whether the refused answer was to an old nonce, so that the password may be right (RFC 7616, 3.3).
    package var isStale: Bool { parameters["stale"]?.lowercased() == "true" }

    /// The one to answer: the strongest that we know.
    package static func best(of challenges: [HTTPChallenge]) -> HTTPChallenge? {
        func strength(_ challenge: HTTPChallenge) -> Int {
            switch challenge.scheme {
            case .digest(.sha256, _): 3
            case .digest(.md5, _): 2
            case .basic: 1
            case .unknown: 0
            }
        }
        return challenges.max { strength($0) < strength($1) }.flatMap { strength($0) > 0 ? $0 : nil }
    }
}
