import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// Decides which devices may connect, for as long as they are connected.
public protocol Admission: Sendable {
    /// - Throws: `permissionDenied` when the device may not connect; what the registry throws when it cannot be read.
    func admit(_ device: DeviceIdentity) async throws

    /// Waits until the device may not be connected any more.
    ///
    /// - Returns: the reason.
    /// - Throws: `CancellationError`.
    func untilRefused(_ device: DeviceIdentity) async throws -> GuardianError
}

/// The admission of a node without enrolment: every certificate that an operator made by hand.
public struct ConfiguredAdmission: Admission {
    public init() {}

    public func admit(_ device: DeviceIdentity) async throws {
        guard device.enrolledTenant == nil else {
            throw GuardianError(
                .permissionDenied, "This node does not know enrolled edges: it has no `enrolment` in its configuration."
            )
        }
    }

    public func untilRefused(_ device: DeviceIdentity) async throws -> GuardianError {
        try await EndlessWait().wait()
        throw CancellationError()
    }
}

/// Waits until it is cancelled.
private struct EndlessWait {
    func wait() async throws { try await Watermark(0).wait(beyond: 0) }
}

/// The admission by the registry. Notices within a second what another process changed, such as `guardian node device lock`.
public final class RegistryAdmission: Admission, Service {
    /// Two seconds are promised for the end of open streams.
    static let interval: Duration = .seconds(1)

    private let registry: any EnrolmentRegistry
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// The newest generation of the registry that this process knows.
    let generation = Watermark(0)

    public init(
        registry: any EnrolmentRegistry, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.registry = registry
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Looks for changes until the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var isReadable = true
            while !Task.isCancelled {
                do {
                    self.generation.advance(to: try await self.registry.generation())
                    isReadable = true
                } catch {
                    if isReadable, !Task.isCancelled {
                        self.logger.error("devices cannot be read, retrying", metadata: ["reason": "\(error)"])
                    }
                    isReadable = false
                }
                try? await self.monotonic.sleep(for: Self.interval)
            }
        }
    }

    public func admit(_ device: DeviceIdentity) async throws {
        if let reason = try await refusal(of: device) { throw reason }
    }

    public func untilRefused(_ device: DeviceIdentity) async throws -> GuardianError {
        while true {
            let seen = generation.value
            // When the registry cannot be read, what was known holds until it can.
            if let reason = try? await refusal(of: device) { return reason }
            try await generation.wait(beyond: seen)
        }
    }

    private func refusal(of device: DeviceIdentity) async throws -> GuardianError? {
        let record = try await registry.device(device.fingerprint)
        switch record?.state {
        case .accepted?:
            guard record?.tenant == device.tenant else { break }
            return nil
        case .locked?: return GuardianError(.permissionDenied, "This edge is locked; ask the node's operator.")
        case .retired?:
            return GuardianError(.permissionDenied, "This edge was retired; enrol it anew with a new device key.")
        case .pending?, nil:
            // An operator made its certificate by hand, which is an acceptance.
            if device.enrolledTenant == nil { return nil }
        }
        return GuardianError(
            .permissionDenied, "This edge is not enrolled with this tenant; ask the node's operator for a code.")
    }
}
