import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

extension Routes {
    /// Adds the routes of logging in with a passkey.
    ///
    /// - Parameter begun: answers with the session that has begun.
    mutating func addPasskeyLogin(
        _ login: PasskeyLogin, begun: @escaping @Sendable (NewSession, WebRequest) async throws -> Response
    ) {
        post("/api/v1/session/passkey/challenge", needs: .everyone) { web in
            try JSON.response(PasskeyChallengeView(login.begin(at: try web.relyingParty())))
        }
        post("/api/v1/session/passkey", needs: .everyone) { web in
            let body = try await web.body(as: PasskeyLoginBody.self)
            let session = try await login.logIn(
                PasskeyAssertion(
                    credential: body.id.bytes, clientData: body.clientDataJSON.bytes,
                    authenticatorData: body.authenticatorData.bytes, signature: body.signature.bytes,
                    handle: body.userHandle.bytes),
                at: try web.relyingParty(), isRemembered: body.remember ?? false, replaced: web.sessionSecret,
                from: web.caller.origin)
            return try await begun(session, web)
        }
    }

    /// Adds the routes of an account's passkeys.
    ///
    /// - Parameter clock: tells how long the cookie of a renewed session is kept.
    mutating func addPasskeys(_ passkeys: Passkeys, clock: any WallClock) {
        get("/api/v1/users/{id}/passkeys", needs: .may(.ownAccount)) { web in
            let list = try await passkeys.list(of: try web.account(), by: web.caller)
            return try JSON.response(PageView(items: list.map(PasskeyView.init)))
        }
        post("/api/v1/users/{id}/passkeys/challenge", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: OwnPasswordBody.self)
            let challenge = try await passkeys.begin(
                for: try web.account(), password: body.password.map(Secret.init), at: try web.relyingParty(),
                by: web.caller)
            return try JSON.response(PasskeyChallengeView(challenge))
        }
        post("/api/v1/users/{id}/passkeys", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: NewPasskeyBody.self)
            let (passkey, session) = try await passkeys.add(
                NewPasskey(
                    name: body.name, clientData: body.clientDataJSON.bytes,
                    attestation: body.attestationObject.bytes), for: try web.account(), at: try web.relyingParty(),
                by: web.caller)
            return try JSON.response(PasskeyView(passkey), status: .created).goingOn(
                session, at: clock.now(), in: web.realm)
        }
        put("/api/v1/passkeys/{id}", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: PasskeyNameBody.self)
            let passkey = try await passkeys.rename(try web.passkey(), to: body.name, by: web.caller)
            return try JSON.response(PasskeyView(passkey))
        }
        delete("/api/v1/passkeys/{id}", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: OwnPasswordBody.self)
            let session = try await passkeys.remove(
                try web.passkey(), password: body.password.map(Secret.init), by: web.caller)
            let response = Response(status: .noContent)
            return session.map { response.goingOn($0, at: clock.now(), in: web.realm) } ?? response
        }
    }
}

extension WebRequest {
    fileprivate func passkey() throws -> PasskeyID {
        try identifier("id", of: PasskeyKind.self, called: "A passkey")
    }

    /// The server under the name by which it was asked, which `OriginGuard` has found to be one of its own. Its pages are served
    /// by HTTPS only.
    ///
    /// - Throws: `invalid_argument` when it was asked by an address: browsers know passkeys of names only.
    fileprivate func relyingParty() throws -> RelyingParty {
        guard let authority = request.head.authority.flatMap({ Authority($0) }), case .name(let name) = authority.host
        else {
            throw GuardianError(
                .invalidArgument,
                "Passkeys need this server's name: open it by its name, such as https://guardian.local:8480.")
        }
        return RelyingParty(host: name.text, port: authority.port)
    }
}
