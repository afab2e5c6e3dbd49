import GRPCCore
import GuardianCore
import GuardianTelemetry
import GuardianWire
import Logging

/// Receives edges' telemetry: `TelemetryService` of `proto/guardian/v1/telemetry.proto`.
struct TelemetryReception: Guardian_V1_TelemetryService.SimpleServiceProtocol {
    let tenants: Tenants
    let metrics: TelemetryMetrics
    let logger: Logger
    var clock: any WallClock = SystemClock()

    func report(
        request: Guardian_V1_TelemetryReportRequest, context: ServerContext
    ) async throws -> Guardian_V1_TelemetryReportReply {
        let device = try DeviceCertificate.identity(of: context)
        let scope = try tenants.scope(of: device)
        let samples = try request.telemetrySamples()
        // The last room is the journal's.
        if let shortage = scope.archive.floor.shortage() { throw GuardianError(.resourceExhausted, shortage) }
        let outcome = try await scope.telemetry.store().add(samples, from: device.fingerprint)
        metrics.count(outcome)
        if let (at, refusal) = outcome.refused.first {
            logger.warning(
                "telemetry refused",
                metadata: [
                    "device": "\(device.fingerprint)", "samples": "\(outcome.refused.count)", "first": "\(at.rfc3339)",
                    "reason": "\(refusal.rawValue)",
                ])
        }
        return .with { reply in
            reply.nodeTime = clock.now().milliseconds
            reply.refused = outcome.refused.map { at, refusal in
                .with { (wire: inout Guardian_V1_RefusedTelemetrySample) in
                    wire.at = at.milliseconds
                    wire.reason = refusal.rawValue
                }
            }
        }
    }
}
