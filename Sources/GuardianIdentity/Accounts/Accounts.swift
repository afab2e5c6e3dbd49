import GRDB
import GuardianCore

/// The people who may log in.
public struct Accounts: Sendable {
    let identity: IdentityStore
    let hashing: PasswordHashing

    /// Everybody, by name.
    ///
    /// - Throws: `permissionDenied` without `managePeople`.
    public func list(by caller: Caller) async throws -> [Account] {
        try caller.principal.require(.managePeople)
        return try await identity.read { try AccountRows.all(in: $0) }
    }

    /// Returns an account: one's own, or any with `managePeople`.
    ///
    /// - Throws: `notFound` also for one that the caller may not see.
    public func account(_ id: AccountID, by caller: Caller) async throws -> Account {
        let account = try await identity.read { try AccountRows.find(id, in: $0) }
        guard let account, caller.principal.account == id || caller.principal.can(.managePeople) else {
            throw GuardianError(.notFound, "There is no such account.")
        }
        return account
    }

    /// Returns the account of a name, for the command line.
    ///
    /// - Throws: `notFound`, `permissionDenied`, `invalidArgument`.
    public func account(named name: String, by caller: Caller) async throws -> Account {
        try caller.principal.require(.managePeople)
        let name = try AccountName.parsed(name)
        guard let account = try await identity.read({ try AccountRows.find(name, in: $0) }) else {
            throw GuardianError(.notFound, "There is no account with this name.")
        }
        return account
    }

    /// Creates an account. The first one must be an owner's, and closes the setup.
    ///
    /// - Throws: `invalidArgument` with the `field`, `alreadyExists` for a name that is taken, `permissionDenied`,
    ///   `resourceExhausted` when there are too many accounts or the machine is busy.
    public func create(_ new: NewAccount, by caller: Caller) async throws -> Account {
        try caller.principal.requireCommand(over: new.role)
        let account = try Account(new, identity)
        // The password takes longest: everything else that could refuse comes before it, and again in the transaction.
        try await identity.read { try check(account, in: $0) }
        let password: PasswordHash? =
            if let chosen = new.password { try await hashing.hash(new: chosen, of: account.name) } else { nil }
        try await identity.write { [identity] database in
            try check(account, in: database)
            try AccountRows.insert(account, password: password, in: database)
            try SetupRows.delete(in: database)
            try identity.record(
                .accountCreated, by: caller, about: account.id.description,
                ["name": account.name.text, "role": account.role.rawValue], in: database)
        }
        return account
    }

    /// Changes an account. Another role and disabling end its sessions: whoever logs in again has the new rights from the
    /// first request on. Disabling ends its tokens too, also those that root made. Other cameras count at once.
    ///
    /// - Throws: `notFound`, `invalidArgument`, `alreadyExists`, `permissionDenied`; `failedPrecondition` when no owner would
    ///   be left.
    @discardableResult
    public func change(_ id: AccountID, _ change: AccountChange, by caller: Caller) async throws -> Account {
        try caller.principal.require(.managePeople)
        let name = try change.name.map(AccountName.parsed)
        let cameras = change.cameras.map(CameraRights.only)
        try cameras?.requireWithinLimit()
        return try await identity.write { [identity] database in
            let before = try AccountRows.require(id, in: database)
            var after = before
            after.name = name ?? before.name
            after.role = change.role ?? before.role
            after.isDisabled = change.isDisabled ?? before.isDisabled
            after.cameras =
                after.role == .viewer ? cameras ?? (before.role == .viewer ? before.cameras : .only([])) : .all
            // Both: one cannot bring down somebody who may do more, nor lift somebody above oneself.
            try caller.principal.requireCommand(over: before.role)
            try caller.principal.requireCommand(over: after.role)
            let differences = before.differences(to: after)
            guard !differences.isEmpty else { return before }
            try AccountRows.requireFree(after.name, for: id, in: database)
            after.changedAt = identity.clock.now()
            try AccountRows.update(after, in: database)
            if before.isActiveOwner, !after.isActiveOwner { try AccountRows.requireOwner(in: database) }
            if after.role != before.role || after.isDisabled {
                try Sessions.endAll(of: id, in: database)
            }
            if after.isDisabled { try Tokens.endAll(of: id, by: caller, identity, in: database) }
            try identity.record(.accountChanged, by: caller, about: id.description, differences, in: database)
            return after
        }
    }

    /// Removes an account with its sessions and tokens. What the audit log says of it stays.
    ///
    /// - Throws: `notFound`, `permissionDenied`; `failedPrecondition` when no owner would be left.
    public func remove(_ id: AccountID, by caller: Caller) async throws {
        try caller.principal.require(.managePeople)
        try await identity.write { [identity] database in
            let account = try AccountRows.require(id, in: database)
            try caller.principal.requireCommand(over: account.role)
            try Tokens.endAll(of: id, by: caller, identity, in: database)
            try AccountRows.delete(id, in: database)
            if account.isActiveOwner { try AccountRows.requireOwner(in: database) }
            try identity.record(
                .accountRemoved, by: caller, about: id.description, ["name": account.name.text], in: database)
        }
    }

    private func check(_ account: Account, in database: Database) throws {
        try AccountRows.requireFree(account.name, for: account.id, in: database)
        let count = try AccountRows.count(in: database)
        guard count < identity.settings.accounts else {
            throw GuardianError(
                .resourceExhausted, "There are \(count) accounts already; remove some that are not needed.")
        }
        guard count > 0 || account.role == .owner else {
            throw GuardianError(
                .failedPrecondition, "The first account is an owner's; create that one first.",
                context: ["field": "role"])
        }
    }
}

extension Principal {
    /// Whether one may decide about somebody of a role: whoever has it can do nothing then that the caller cannot do. A token
    /// with a narrow scope could otherwise make itself an owner.
    ///
    /// - Throws: `permissionDenied`.
    func requireCommand(over role: Role) throws {
        try require(.managePeople)
        guard role.permissions.isSubset(of: permissions), cameras == .all else {
            throw GuardianError(
                .permissionDenied, "You may not do this: this person may do more than you.",
                context: ["role": role.rawValue])
        }
    }
}

extension Account {
    fileprivate var isActiveOwner: Bool { role == .owner && !isDisabled }

    /// A new account as an owner described it.
    ///
    /// - Throws: `invalidArgument` with the `field`.
    init(_ new: NewAccount, _ identity: IdentityStore) throws {
        let now = identity.clock.now()
        let cameras: CameraRights = new.role == .viewer ? .only(new.cameras) : .all
        try cameras.requireWithinLimit()
        self.init(
            id: identity.randomness.identifier(at: now), name: try .parsed(new.name), role: new.role,
            cameras: cameras, isDisabled: false, recoveryCodesLeft: nil, createdAt: now, changedAt: now,
            passwordChangedAt: now, hasPassword: new.password != nil)
    }

    /// What is different, for the audit log.
    fileprivate func differences(to other: Account) -> [String: String] {
        var differences: [String: String] = [:]
        if name.text != other.name.text { differences["name"] = "\(name) → \(other.name)" }
        if role != other.role { differences["role"] = "\(role.rawValue) → \(other.role.rawValue)" }
        if isDisabled != other.isDisabled { differences["disabled"] = "\(other.isDisabled)" }
        if cameras != other.cameras {
            differences["cameras"] =
                switch other.cameras {
                case .all: "all"
                case .only(let cameras): cameras.map(\.description).sorted().joined(separator: " ")
                }
        }
        return differences
    }
}
