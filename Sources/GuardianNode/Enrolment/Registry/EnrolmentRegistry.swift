import GuardianCore

/// What a node knows of its tenants, their codes and their devices. The one seam between enrolment and a database: implementations
/// differ in where they store, and in nothing else.
public protocol EnrolmentRegistry: Sendable {
    /// - Throws: `invalidArgument` for a name that is not for tenants; `alreadyExists`; `resourceExhausted` beyond `RegistryLimits.tenants`.
    func addTenant(_ name: TenantName, at now: Timestamp) async throws

    /// Whether there is a tenant of that name.
    func hasTenant(_ name: TenantName) async throws -> Bool

    /// All tenants, by name.
    func tenants() async throws -> [TenantName]

    /// Keeps a code's hash.
    ///
    /// - Throws: `notFound` without such a tenant; `resourceExhausted` beyond `RegistryLimits.codes`.
    func addCode(_ code: NewCode) async throws

    /// A tenant's codes, the newest first.
    func codes(of tenant: TenantName) async throws -> [CodeRecord]

    /// Uses up a code, and accepts the device, in one step: of two devices that try one code, one gets `.accepted`.
    func redeem(_ claim: CodeClaim) async throws -> CodeVerdict

    /// Notes that a device asks without a code: one that is not known is pending from now on.
    ///
    /// - Returns: what is known of it, and whether it is new.
    /// - Throws: `resourceExhausted` beyond `RegistryLimits.pending`.
    func ask(_ applicant: Applicant) async throws -> (device: DeviceRecord, isNew: Bool)

    /// Notes until when the newest certificate of a device is valid.
    func noteCertificate(of device: Hash256, until end: Timestamp) async throws

    /// All devices, those that changed last first.
    func devices() async throws -> [DeviceRecord]

    func device(_ fingerprint: Hash256) async throws -> DeviceRecord?

    /// Carries out an operator's decision.
    ///
    /// - Parameter tenant: whose device it becomes; needed for one that has no tenant yet.
    /// - Throws: `notFound`; `failedPrecondition` when the device's state does not allow it, or it is another tenant's.
    func decide(
        _ decision: DeviceDecision, about fingerprint: Hash256, tenant: TenantName?, at now: Timestamp
    ) async throws -> DeviceRecord

    /// A number that rises with every change of tenants and of what a device may do.
    func generation() async throws -> Int64
}

/// How much a registry keeps.
public enum RegistryLimits {
    public static let tenants = 10_000
    /// Codes of a tenant that are open.
    public static let codes = 100
    /// Devices of a tenant, whatever their state.
    public static let devices = 10_000
    /// Devices that wait, of all tenants.
    public static let pending = 256
    /// A device that has not asked for so long waits no more when room is needed.
    public static let pendingPatience: Duration = .seconds(86_400)
    /// How long used and ended codes are listed.
    public static let codeMemory: Duration = .seconds(30 * 86_400)
}

/// A code that was made, as it is kept: without its secret.
public struct NewCode: Sendable {
    public var prefix: String
    public var secretDigest: Hash256
    public var tenant: TenantName
    public var createdAt: Timestamp
    public var endsAt: Timestamp

    public init(
        prefix: String, secretDigest: Hash256, tenant: TenantName, createdAt: Timestamp, endsAt: Timestamp
    ) {
        self.prefix = prefix
        self.secretDigest = secretDigest
        self.tenant = tenant
        self.createdAt = createdAt
        self.endsAt = endsAt
    }
}

/// What became of a code.
public struct CodeRecord: Hashable, Sendable {
    /// Who used a code, from where.
    public struct Use: Hashable, Sendable {
        public var at: Timestamp
        public var device: Hash256
        public var address: String
    }

    public var prefix: String
    public var tenant: TenantName
    public var createdAt: Timestamp
    public var endsAt: Timestamp
    public var used: Use?
    /// How often others came too late with it, who must have had the whole code.
    public var lateCount: Int
    /// The last of them.
    public var late: Use?
}

/// A device that asks.
public struct Applicant: Sendable {
    public var device: Hash256
    /// What it calls itself.
    public var name: String
    public var address: String
    public var at: Timestamp

    public init(device: Hash256, name: String, address: String, at: Timestamp) {
        self.device = device
        self.name = name
        self.address = address
        self.at = at
    }
}

/// A device that asks with a code.
public struct CodeClaim: Sendable {
    public var prefix: String
    public var secretDigest: Hash256
    public var applicant: Applicant

    public init(prefix: String, secretDigest: Hash256, applicant: Applicant) {
        self.prefix = prefix
        self.secretDigest = secretDigest
        self.applicant = applicant
    }
}

public enum CodeVerdict: Hashable, Sendable {
    /// The device is the tenant's now, or was made so by this code before.
    case accepted(TenantName)
    /// There is no such prefix, or the secret is another one.
    case wrong
    case ended
    /// Another device has used it.
    case used
    /// The device is locked or retired, or another tenant's. The code stays good.
    case refused(DeviceState)
}

public struct DeviceRecord: Hashable, Sendable {
    public var fingerprint: Hash256
    /// `nil` while it waits.
    public var tenant: TenantName?
    public var state: DeviceState
    /// What it called itself last.
    public var name: String
    /// From where it asked last.
    public var address: String
    public var askedAt: Timestamp
    /// When its state changed last.
    public var changedAt: Timestamp
    public var certificateEndsAt: Timestamp?
}
