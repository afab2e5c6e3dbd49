import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

extension Routes {
    /// Adds the routes of the first run, of logging in, and of people and what they may do.
    ///
    /// - Parameter cameras: the names of cameras now.
    public mutating func addAccounts(_ accounts: WebAccounts, cameras: @escaping @Sendable () -> CameraNames) {
        addSession(accounts, cameras: cameras)
        addPeople(accounts.identity, clock: accounts.clock, cameras: cameras)
    }

    private mutating func addPeople(
        _ identity: Identity, clock: any WallClock, cameras: @escaping @Sendable () -> CameraNames
    ) {
        addAccounts(identity.accounts, identity.passwords, identity.secondFactors, cameras: cameras)
        addLinks(identity.links)
        addPasskeys(identity.passkeys, clock: clock)
        addSessions(identity.sessions)
        addTokens(identity.tokens, cameras: cameras)
        get("/api/v1/audit", needs: .mayForAllCameras(.readAudit), query: ["limit", "cursor"]) { web in
            let before = try web.query.cursor().map { text in
                guard let sequence = Int64(text), sequence > 0 else { throw GuardianError.notACursor }
                return sequence
            }
            let limit = try web.query.limit()
            let entries = try await identity.audit.page(before: before, limit: limit, by: web.caller)
            return try JSON.response(
                PageView(
                    items: try entries.map(AuditView.init),
                    nextCursor: entries.count < limit ? nil : entries.last.map { "\($0.sequence)" }))
        }
    }

    private mutating func addAccounts(
        _ accounts: Accounts, _ passwords: Passwords, _ secondFactors: SecondFactors,
        cameras: @escaping @Sendable () -> CameraNames
    ) {
        get("/api/v1/users", needs: .may(.managePeople)) { web in
            let names = cameras()
            let views = try await accounts.list(by: web.caller).map { AccountView($0, names) }
            return try JSON.response(PageView(items: views))
        }
        post("/api/v1/users", needs: .may(.managePeople)) { web in
            let (body, names) = (try await web.body(as: NewAccountBody.self), cameras())
            let account = try await accounts.create(
                NewAccount(
                    name: body.name, password: body.password.map(Secret.init), role: body.role,
                    cameras: try names.cameras(body.cameras) ?? []), by: web.caller)
            return try JSON.response(AccountView(account, names), status: .created)
        }
        get("/api/v1/users/{id}", needs: .may(.ownAccount)) { web in
            // A token may show less than its account.
            let names = cameras().seen(by: web.principal.cameras)
            return try JSON.response(
                AccountView(try await accounts.account(try web.account(), by: web.caller), names))
        }
        put("/api/v1/users/{id}", needs: .may(.managePeople)) { web in
            let (body, names) = (try await web.body(as: AccountChangeBody.self), cameras())
            let account = try await accounts.change(
                try web.account(),
                AccountChange(
                    name: body.name, role: body.role, cameras: try names.cameras(body.cameras),
                    isDisabled: body.disabled), by: web.caller)
            return try JSON.response(AccountView(account, names))
        }
        delete("/api/v1/users/{id}", needs: .may(.managePeople)) { web in
            try await accounts.remove(try web.account(), by: web.caller)
            return Response(status: .noContent)
        }
        put("/api/v1/users/{id}/password", needs: .may(.managePeople)) { web in
            let body = try await web.body(as: PasswordResetBody.self)
            try await passwords.reset(try web.account(), to: Secret(body.password), by: web.caller)
            return Response(status: .noContent)
        }
        delete("/api/v1/users/{id}/factor", needs: .may(.managePeople)) { web in
            try await secondFactors.turnOff(of: try web.account(), by: web.caller)
            return Response(status: .noContent)
        }
    }

    private mutating func addLinks(_ links: LoginLinks) {
        post("/api/v1/users/{id}/link", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: OwnPasswordBody.self)
            let link = try await links.make(
                for: try web.account(), password: body.password.map(Secret.init), by: web.caller)
            let path = LoginLink(page: "", secret: web.realm.mark(link.secret)).description
            return try JSON.response(LoginLinkView(path: path, endsAt: link.endsAt.moment), status: .created)
        }
    }

    private mutating func addSessions(_ sessions: Sessions) {
        get("/api/v1/sessions", needs: .may(.ownAccount), query: ["user"]) { web in
            let list = try await sessions.list(of: try web.accountOfQuery(), by: web.caller)
            return try JSON.response(
                PageView(items: list.map { SessionView($0, current: web.principal.credential == .session($0.id)) }))
        }
        delete("/api/v1/sessions", needs: .may(.ownAccount)) { web in
            guard let own = web.principal.account else {
                throw GuardianError(.failedPrecondition, "Root of this machine has no account, and so no sessions.")
            }
            try await sessions.revokeAll(of: own, by: web.caller)
            return Response(status: .noContent, headers: [.setCookie: SessionCookie.removal])
        }
        delete("/api/v1/sessions/{id}", needs: .may(.ownAccount)) { web in
            let id = try web.identifier("id", of: SessionKind.self, called: "A session")
            try await sessions.revoke(id, by: web.caller)
            return Response(status: .noContent)
        }
    }

    private mutating func addTokens(_ tokens: Tokens, cameras: @escaping @Sendable () -> CameraNames) {
        get("/api/v1/tokens", needs: .may(.ownAccount), query: ["user"]) { web in
            let names = cameras().seen(by: web.principal.cameras)
            let list = try await tokens.list(of: try web.accountOfQuery(), by: web.caller)
            return try JSON.response(PageView(items: list.map { TokenView($0, names) }))
        }
        post("/api/v1/tokens", needs: .may(.ownAccount)) { web in
            let body = try await web.body(as: NewTokenBody.self)
            // A camera that they do not see does not exist for them.
            let names = cameras().seen(by: web.principal.cameras)
            guard let own = web.principal.account else {
                throw GuardianError(.failedPrecondition, "Root of this machine has no account, and so no tokens.")
            }
            let new = try await tokens.create(
                TokenRequest(
                    name: body.name, scope: Set(body.scope),
                    cameras: try names.cameras(body.cameras).map(CameraRights.only) ?? .all,
                    endsAt: body.endsAt?.time), for: own, password: body.password.map(Secret.init), by: web.caller)
            return try JSON.response(TokenView(new.token, names, secret: web.realm.mark(new.secret)), status: .created)
        }
        delete("/api/v1/tokens/{id}", needs: .may(.ownAccount)) { web in
            let id = try web.identifier("id", of: TokenKind.self, called: "A token")
            try await tokens.revoke(id, by: web.caller)
            return Response(status: .noContent)
        }
    }
}

extension WebRequest {
    /// The account that the path names.
    func account() throws -> AccountID {
        try identifier("id", of: AccountKind.self, called: "An account")
    }

    /// The account that the query names, or one's own.
    ///
    /// - Throws: `failed_precondition` for root of this machine, who must name one.
    fileprivate func accountOfQuery() throws -> AccountID {
        if let text = query["user"] {
            guard let id = AccountID(text) else {
                throw GuardianError(.invalidArgument, "user must be an account's UUID.")
            }
            return id
        }
        guard let own = principal.account else {
            throw GuardianError(.failedPrecondition, "Say whose, as in ?user=0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b.")
        }
        return own
    }
}

extension CameraNames {
    /// The cameras that a body names.
    ///
    /// - Throws: `invalid_argument` for one that does not exist.
    fileprivate func cameras(_ texts: [String]?) throws -> Set<CameraID>? {
        try texts.map { texts in
            Set(
                try texts.map { text in
                    guard let alias = CameraAlias(text), let camera = try? camera(named: alias) else {
                        throw GuardianError(
                            .invalidArgument, "There is no camera \(text.prefix(63)).", context: ["field": "cameras"])
                    }
                    return camera
                })
        }
    }
}
