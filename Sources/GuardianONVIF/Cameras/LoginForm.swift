import GuardianClients

/// How a password is sent.
package enum LoginForm: Sendable {
    case none
    /// In the HTTP header, as an answer to a challenge: Digest or Basic.
    case http(HTTPLogin)
    /// In the SOAP header.
    case token(UsernameToken.Form)

    /// The ways to log in to a camera that gave these challenges to a request without a login, the safest first. Cameras that
    /// give none want a token; ONVIF allows both (Core Specification, 5.9).
    ///
    /// - Throws: `clearTextNeeded` when all that it takes is Basic, and clear text is not allowed.
    package static func plan(_ login: CameraLogin, for challenges: [HTTPChallenge]) throws(CameraFailure) -> [LoginForm]
    {
        let known = challenges.filter { HTTPChallenge.best(of: [$0]) != nil }
        let digest = HTTPChallenge.best(of: known.filter { $0.scheme != .basic })
        let basic = known.first { $0.scheme == .basic }
        guard basic == nil || digest != nil || login.allowsClearText else { throw .clearTextNeeded }
        func answer(_ challenge: HTTPChallenge) -> LoginForm {
            .http(HTTPLogin(challenge, name: login.name, password: login.password))
        }
        var forms: [LoginForm] = []
        if let digest { forms.append(answer(digest)) }
        forms.append(.token(.digest))
        if login.allowsClearText { forms.append(basic.map(answer) ?? .token(.text)) }
        return Array(forms.prefix(login.attempts))
    }
}
