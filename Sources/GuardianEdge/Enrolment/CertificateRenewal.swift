import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the edge's certificate for its node valid: gets the next one when a third of its time is left, from the node that it enrolled at.
/// The connection that is open goes on with the old one; the next one uses the new.
package final class CertificateRenewal: Service {
    package struct State: Hashable, Sendable {
        /// `nil` while there is no certificate that can be read, which the connection to the node complains of.
        package var validity: CertificateValidity?
        /// Why the last attempt failed.
        package var failure: String?
        /// Whether the edge enrolled, and so knows where to ask.
        package var isRenewable = false
    }

    /// A certificate that is due is asked for this often.
    private static let interval: Duration = .seconds(3600)
    /// The owner is told when this is left, or a sixth of a certificate's time: half of the time for attempts has passed.
    private static let warning: Duration = .seconds(30 * 86_400)

    private let files: CredentialFiles
    private let enrolment: EdgeEnrolment
    private let wallClock: any WallClock
    private let clock: any MonotonicClock
    private let logger: Logger
    private let current = Mutex(State())

    package init(
        files: CredentialFiles, enrolment: EdgeEnrolment, wallClock: any WallClock,
        clock: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.files = files
        self.enrolment = enrolment
        self.wallClock = wallClock
        self.clock = clock
        self.logger = logger
    }

    package var state: State { current.withLock { $0 } }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat { await self.check() } while (try? await self.clock.sleep(for: Self.interval)) != nil
        }
    }

    /// Looks at the certificate, and asks for the next one if it is due.
    package func check() async {
        var state = State(validity: CertificateValidity(path: files.certificate))
        do {
            let record = try EnrolmentRecord.read(beside: files)
            state.isRenewable = record != nil
            if let record, let validity = state.validity, validity.left(at: wallClock.now()) < validity.length / 3 {
                state.failure = try await renew(at: record.target())
                state.validity = CertificateValidity(path: files.certificate)
            }
        } catch {
            state.failure = GuardianError.wrap(error, "The certificate could not be renewed.").message
            logger.warning("certificate for the node not renewed", metadata: ["reason": "\(error)"])
        }
        current.withLock { $0 = state }
    }

    /// Returns why there is no new certificate.
    private func renew(at target: EnrolmentTarget) async throws -> String? {
        switch try await enrolment.ask(target, code: nil) {
        case .enrolled:
            logger.notice("certificate for the node renewed")
            return nil
        case .pending:
            return "The node's operator has to accept this edge again."
        }
    }

    /// What the owner is told.
    package var problems: [FindingView] {
        let (state, now) = (state, wallClock.now())
        guard let validity = state.validity else { return [] }
        let left = validity.left(at: now)
        guard left < min(Self.warning, validity.length / 6) else { return [] }
        let verb = left > .zero ? "ends" : "ended"
        return [
            FindingView(
                what: "The certificate for the node \(verb) at \(validity.end.rfc3339). \(state.failure ?? "")",
                where: "node", severity: left > .zero ? .warning : .error,
                remedy: state.isRenewable
                    ? "It is renewed by itself, tried once an hour: check that the node's port for enrolment can be reached."
                    : "Replace it, or run `guardian edge enrol`, after which it is renewed by itself.")
        ]
    }
}
