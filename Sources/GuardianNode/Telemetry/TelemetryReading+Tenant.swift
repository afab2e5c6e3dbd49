import GuardianCore
import GuardianHTTP
import GuardianTelemetry

extension TelemetryReading {
    /// Reads a tenant's telemetry.
    init(_ scope: TenantScope) {
        let catalogue = scope.cache.catalogue
        self.init(
            { try scope.telemetry.store() }, hours: { try await catalogue.hours(from: $0, to: $1) },
            gaps: { try await catalogue.gaps(from: $0, to: $1) }, cameras: scope.tenant.cameras.names)
    }
}
