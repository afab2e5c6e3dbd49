import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianTelemetry

extension TelemetryReading {
    /// Reads the edge's own telemetry.
    ///
    /// - Parameter file: `nil` where nothing is measured.
    init(_ file: TelemetryFile?, journal: Journal, names: CameraNames) {
        let catalogue = journal.catalogue
        self.init(
            {
                guard let file else { throw GuardianError(.unavailable, "Nothing is measured here.") }
                return try file.store()
            }, hours: { try await catalogue.hours(from: $0, to: $1) },
            gaps: { try await catalogue.gaps(from: $0, to: $1) }, cameras: names)
    }
}
