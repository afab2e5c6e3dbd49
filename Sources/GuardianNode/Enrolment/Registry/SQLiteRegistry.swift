import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// The registry in `registry.sqlite`. Several processes may use it at once: the node, and the operator's commands.
public final class SQLiteRegistry: EnrolmentRegistry {
    private let store: Store
    /// How often it is noted that a device asked.
    private static let askingInterval: Duration = .seconds(60)

    /// Opens the file, or creates it.
    ///
    /// - Throws: what `Store.init` throws.
    public init(path: String) throws {
        store = try Store(path: path, migrations: RegistrySchema.migrations)
    }

    /// The registry's file in a node's state folder.
    public static func file(in state: String) -> String { "\(state)/registry.sqlite" }

    /// Closes the file.
    public func close() throws { try store.close() }

    public func generation() async throws -> Int64 {
        try await store.read { try Int64.fetchOne($0, sql: "SELECT value FROM generation") ?? 0 }
    }

    // MARK: Tenants

    public func addTenant(_ name: TenantName, at now: Timestamp) async throws {
        guard name != .operators else {
            throw GuardianError(.invalidArgument, "\(name) is the name of the operators' accounts; choose another one.")
        }
        try await store.write { database in
            guard try !TenantRows.exists(name, in: database) else {
                throw GuardianError(.alreadyExists, "There is a tenant \(name) already; choose another name.")
            }
            guard try TenantRows.count(in: database) < RegistryLimits.tenants else {
                throw GuardianError(.resourceExhausted, "A node has \(RegistryLimits.tenants) tenants at most.")
            }
            try TenantRows.insert(name, at: now, in: database)
        }
    }

    public func hasTenant(_ name: TenantName) async throws -> Bool {
        try await store.read { try TenantRows.exists(name, in: $0) }
    }

    public func tenants() async throws -> [TenantName] { try await store.read { try TenantRows.all(in: $0) } }

    // MARK: Codes

    public func addCode(_ code: NewCode) async throws {
        try await store.write { database in
            guard try TenantRows.exists(code.tenant, in: database) else { throw Self.noTenant(code.tenant) }
            try CodeRows.forget(before: code.createdAt + (.zero - RegistryLimits.codeMemory), in: database)
            guard try CodeRows.openCount(of: code.tenant, at: code.createdAt, in: database) < RegistryLimits.codes
            else {
                throw GuardianError(
                    .resourceExhausted,
                    "\(code.tenant) has \(RegistryLimits.codes) open codes; use them, or wait until they end.")
            }
            try CodeRows.insert(code, in: database)
        }
    }

    public func codes(of tenant: TenantName) async throws -> [CodeRecord] {
        try await store.read { database in
            guard try TenantRows.exists(tenant, in: database) else { throw Self.noTenant(tenant) }
            return try CodeRows.all(of: tenant, in: database)
        }
    }

    public func redeem(_ claim: CodeClaim) async throws -> CodeVerdict {
        try await store.write { database in
            let (applicant, now) = (claim.applicant, claim.applicant.at)
            // Digests are compared, of which a guesser cannot choose bytes: the time that it takes tells nothing.
            guard let (code, digest) = try CodeRows.find(claim.prefix, in: database), digest == claim.secretDigest
            else {
                return .wrong
            }
            let known = try DeviceRows.find(applicant.device, in: database)
            if let used = code.used {
                guard used.device == applicant.device else {
                    try CodeRows.noteLate(code.prefix, applicant, in: database)
                    return .used
                }
                // The answer was lost: the same device gets it again.
                guard let known, known.state == .accepted, known.tenant == code.tenant else {
                    return .refused(known?.state ?? .retired)
                }
                return .accepted(code.tenant)
            }
            guard now < code.endsAt else { return .ended }
            if let known {
                let isFree = known.state == .pending || (known.state == .accepted && known.tenant == code.tenant)
                guard isFree else { return .refused(known.state) }
            }
            try Self.requireRoom(for: known, in: code.tenant, database)
            try CodeRows.use(code.prefix, applicant, in: database)
            try DeviceRows.put(applicant, state: .accepted, tenant: code.tenant, in: database)
            return .accepted(code.tenant)
        }
    }

    // MARK: Devices

    public func ask(_ applicant: Applicant) async throws -> (device: DeviceRecord, isNew: Bool) {
        try await store.write { database in
            if let known = try DeviceRows.find(applicant.device, in: database) {
                // It asks every few seconds while it waits.
                if known.askedAt + Self.askingInterval <= applicant.at {
                    try DeviceRows.noteAsking(applicant, in: database)
                }
                return (known, false)
            }
            if try DeviceRows.pendingCount(in: database) >= RegistryLimits.pending {
                let limit = applicant.at + (.zero - RegistryLimits.pendingPatience)
                try DeviceRows.forgetPending(before: limit, in: database)
            }
            guard try DeviceRows.pendingCount(in: database) < RegistryLimits.pending else {
                throw GuardianError(
                    .resourceExhausted, "Too many devices wait for this node's operator; ask for a code instead.")
            }
            try DeviceRows.put(applicant, state: .pending, tenant: nil, in: database)
            guard let device = try DeviceRows.find(applicant.device, in: database) else {
                throw GuardianError(.internal, "A device that was stored is not there.")
            }
            return (device, true)
        }
    }

    public func noteCertificate(of device: Hash256, until end: Timestamp) async throws {
        try await store.write { try DeviceRows.noteCertificate(of: device, until: end, in: $0) }
    }

    public func devices() async throws -> [DeviceRecord] { try await store.read { try DeviceRows.all(in: $0) } }

    public func device(_ fingerprint: Hash256) async throws -> DeviceRecord? {
        try await store.read { try DeviceRows.find(fingerprint, in: $0) }
    }

    public func decide(
        _ decision: DeviceDecision, about fingerprint: Hash256, tenant: TenantName?, at now: Timestamp
    ) async throws -> DeviceRecord {
        try await store.write { database in
            guard let device = try DeviceRows.find(fingerprint, in: database) else {
                throw GuardianError(.notFound, "No device with this fingerprint has asked this node.")
            }
            guard let state = device.state.after(decision) else {
                throw GuardianError(
                    .failedPrecondition,
                    "This device is retired for good; its edge needs a new device key, and asks again with that.")
            }
            let owner = try Self.owner(of: device, as: tenant, after: decision)
            if let owner {
                guard try TenantRows.exists(owner, in: database) else { throw Self.noTenant(owner) }
                if device.tenant == nil { try Self.requireRoom(for: nil, in: owner, database) }
            }
            guard state != device.state || owner != device.tenant else { return device }
            try DeviceRows.set(fingerprint, state: state, tenant: owner, at: now, in: database)
            return try DeviceRows.find(fingerprint, in: database) ?? device
        }
    }

    /// Whose device it is after a decision: a device never changes its tenant, because its entries are the tenant's.
    private static func owner(
        of device: DeviceRecord, as tenant: TenantName?, after decision: DeviceDecision
    ) throws -> TenantName? {
        if let own = device.tenant {
            guard tenant == nil || tenant == own else {
                throw GuardianError(.failedPrecondition, "This device is \(own)'s, and a device stays its tenant's.")
            }
            return own
        }
        guard decision != .accept || tenant != nil else {
            throw GuardianError(.invalidArgument, "Say whose device it becomes: --tenant NAME.")
        }
        return tenant
    }

    private static func requireRoom(for known: DeviceRecord?, in tenant: TenantName, _ database: Database) throws {
        guard known?.tenant != tenant else { return }
        guard try DeviceRows.count(of: tenant, in: database) < RegistryLimits.devices else {
            throw GuardianError(
                .resourceExhausted, "\(tenant) has \(RegistryLimits.devices) devices, and no room for another.")
        }
    }

    private static func noTenant(_ name: TenantName) -> GuardianError {
        GuardianError(.notFound, "There is no tenant \(name): add it with `guardian node tenant add \(name)`.")
    }
}
