import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

extension Routes {
    /// Adds the routes of the first run and of logging in and out, and of one's own password and second factor.
    mutating func addSession(_ accounts: WebAccounts, cameras: @escaping @Sendable () -> CameraNames) {
        let (identity, clock) = (accounts.identity, accounts.clock)
        @Sendable func begun(_ session: NewSession, _ web: WebRequest) async throws -> Response {
            guard let principal = try await identity.access.principal(session: session.secret, from: web.caller.origin)
            else { throw GuardianError(.aborted, "The login ended at once; log in again.") }
            let view = PrincipalView(
                principal, cameras(), requestKey: RequestKey.of(session.secret))
            return try JSON.response(view).goingOn(session, at: clock.now(), in: web.realm)
        }

        get("/api/v1/setup", needs: .everyone) { _ in try JSON.response(["open": try await identity.setup.isOpen()]) }
        post("/api/v1/setup", needs: .everyone) { web in
            let body = try await web.body(as: SetupBody.self)
            let session = try await identity.setup.complete(
                Secret(body.secret), name: body.name, password: Secret(body.password),
                isRemembered: body.remember ?? false, from: web.caller.origin)
            // The secret is of no use any more: that its file stays until the next start does no harm.
            await accounts.endSetup()
            return try await begun(session, web)
        }
        post("/api/v1/session/link", needs: .everyone) { web in
            let body = try await web.body(as: LinkBody.self)
            return try await begun(
                try await identity.links.redeem(
                    Secret(body.secret), isRemembered: body.remember ?? false, replaced: web.sessionSecret,
                    from: web.caller.origin), web)
        }
        addPasskeyLogin(identity.passkeyLogin, begun: begun)
        post("/api/v1/session", needs: .everyone) { web in
            let body = try await web.body(as: LoginBody.self)
            let outcome = try await identity.login.logIn(
                LoginRequest(
                    name: body.name, password: Secret(body.password), code: body.code.map(Secret.init),
                    isRemembered: body.remember ?? false, replaced: web.sessionSecret), from: web.caller.origin)
            switch outcome {
            case .loggedIn(let session): return try await begun(session, web)
            case .codeNeeded:
                throw GuardianError(
                    .unauthenticated, "Type the code that your authenticator shows, too.", context: ["field": "code"])
            }
        }
        get("/api/v1/session", needs: .may(.ownAccount)) { web in
            let key = web.sessionSecret.map(RequestKey.of)
            return try JSON.response(PrincipalView(web.principal, cameras(), requestKey: key))
        }
        delete("/api/v1/session", needs: .may(.ownAccount)) { web in
            try await identity.sessions.logOut(web.caller)
            return Response(status: .noContent, headers: [.setCookie: SessionCookie.removal])
        }
        put("/api/v1/session/password", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: PasswordBody.self)
            let session = try await identity.passwords.change(
                current: Secret(body.current), to: Secret(body.password), by: web.caller)
            guard let session else { return Response(status: .noContent) }
            return try await begun(session, web)
        }
        post("/api/v1/session/factor", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: OwnPasswordBody.self)
            let link = try await identity.secondFactors.begin(password: body.password.map(Secret.init), by: web.caller)
            return try JSON.response(["link": link.reveal()])
        }
        @Sendable func shown(_ new: SecondFactors.NewRecoveryCodes, _ web: WebRequest) throws -> Response {
            try JSON.response(["recoveryCodes": new.codes.map { $0.reveal() }]).goingOn(
                new.session, at: clock.now(), in: web.realm)
        }
        put("/api/v1/session/factor", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: CodeBody.self)
            return try shown(try await identity.secondFactors.confirm(Secret(body.code), by: web.caller), web)
        }
        post("/api/v1/session/factor/codes", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: CodeBody.self)
            return try shown(
                try await identity.secondFactors.renewRecoveryCodes(code: Secret(body.code), by: web.caller), web)
        }
        delete("/api/v1/session/factor", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: CodeBody.self)
            let session = try await identity.secondFactors.turnOff(code: Secret(body.code), by: web.caller)
            return Response(status: .noContent).goingOn(session, at: clock.now(), in: web.realm)
        }
    }
}

extension WebRequest {
    /// The secret of the session that the browser sends; `nil` without one in this realm, and with a token.
    var sessionSecret: Secret<String>? {
        let credentials = Credentials(headers)
        guard credentials.realm == realm, case .session(let secret) = credentials.proof else { return nil }
        return secret
    }
}
