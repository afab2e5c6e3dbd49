import GuardianCore
import GuardianOperations
import Logging
import NIOSSL

/// A certificate of the installation's own authority, which is issued again in time.
package struct AuthoritySource: CertificateSource {
    package let pause: Duration = .seconds(180)

    private let folder: WebAuthorityFolder
    private let server: String
    private let configured: [HostName]
    private let machine: @Sendable () -> Machine
    private let logger: Logger
    private var current: IssuedCertificate?
    private var authority: WebAuthority?
    private var setAside: [String] = []
    private var refused: [HostName] = []
    private var unstored: String?

    package init(
        folder: WebAuthorityFolder, server: String, configured: [HostName], machine: @escaping @Sendable () -> Machine,
        logger: Logger
    ) {
        self.folder = folder
        self.server = server
        self.configured = configured
        self.machine = machine
        self.logger = logger
    }

    package mutating func refresh(at now: Timestamp) throws -> CertificateChange? {
        let machine = machine()
        let wanted = CertifiedNames(of: machine, configured: configured)
        // Opened each time, so that an authority whose files are gone is made again before the certificate ends.
        let opened = try folder.open(machine: machine, names: wanted, now: now)
        if opened.isNew { logger.notice("web authority made", metadata: ["folder": .string(folder.path)]) }
        if !opened.setAside.isEmpty {
            logger.error(
                "web authority damaged and set aside",
                metadata: ["files": .array(opened.setAside.map { .string($0) })])
            setAside += opened.setAside
        }
        let authority = opened.authority
        self.authority = authority
        let names = wanted.permitted(by: authority.constraints)
        refused = wanted.names.subtracting(names.names).sorted { $0.text < $1.text }
        let isFirst = current == nil
        let known = current ?? stored()
        if let known, !known.hasToBeRenewed(by: authority, for: names, now: now) {
            current = known
            return isFirst ? try change(known) : nil
        }
        let issued = try authority.issue(for: names, now: now)
        let change = try change(issued)
        current = issued
        store(issued)
        logger.info(
            "web certificate issued",
            metadata: [
                "names": .array(names.names.map(\.text).sorted().map { .string($0) }),
                "addresses": .stringConvertible(names.addresses.count), "until": .stringConvertible(change.until),
            ])
        return change
    }

    package func problems(at now: Timestamp) -> [FindingView] {
        var problems: [FindingView] = []
        if !setAside.isEmpty {
            problems.append(
                FindingView(
                    what:
                        "The web authority was damaged, and was made again. Old files: "
                        + "\(setAside.joined(separator: ", ")).",
                    where: "web", severity: .warning,
                    remedy: "If a device warns of this site, install \(folder.certificate) on it again. Check the disk."
                ))
        }
        if !refused.isEmpty {
            problems.append(
                FindingView(
                    what: "The web authority was made before these names: "
                        + "\(refused.map(\.text).joined(separator: ", ")). It cannot certify them.", where: "web",
                    severity: .warning,
                    remedy:
                        "Move the folder \(folder.path) away and restart Guardian: a new authority is made, which has "
                        + "to be installed on each device."))
        }
        if let unstored {
            problems.append(
                FindingView(
                    what: "The web server's certificate cannot be stored. \(unstored)", where: "web",
                    severity: .warning,
                    remedy: "It is used, but another one is made at the next start. Check the disk."))
        }
        if let end = authority?.end, end - CertificateTime.plausible(now) < 365 * CertificateTime.day {
            problems.append(
                FindingView(
                    what: "The web authority ends on \(end).", where: "web", severity: .warning,
                    remedy:
                        "Check this machine's clock. If it is right, move the folder \(folder.path) away before then "
                        + "and restart Guardian: a new authority is made, which has to be installed on each device."))
        }
        return problems
    }

    /// The certificate of the last run; `nil` when there is none, or it is damaged: then another one is issued.
    private func stored() -> IssuedCertificate? {
        let file = folder.server(server)
        return (try? PEMFile.read(file, what: "certificate", isKey: true)).flatMap { $0 }.flatMap {
            IssuedCertificate(pem: $0)
        }
    }

    /// A full disk does not keep the server from running.
    private mutating func store(_ issued: IssuedCertificate) {
        let file = folder.server(server)
        do {
            let pem = try issued.pem().reveal()
            do throws(SystemFailure) { try Durability.replace(file, with: pem.utf8, mode: 0o600) } catch {
                throw GuardianError(error.code, "\(file) cannot be written (\(error)).")
            }
            unstored = nil
        } catch {
            unstored = "\(error)"
            logger.warning("web certificate cannot be stored", metadata: ["reason": .string("\(error)")])
        }
    }

    private func change(_ issued: IssuedCertificate) throws -> CertificateChange {
        let pem = Array(try issued.pem().reveal().utf8)
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(pem)
            return CertificateChange(
                chain: Array(certificates.prefix(1)), named: Array(certificates.dropFirst()),
                key: try NIOSSLPrivateKey(bytes: pem, format: .pem),
                until: Timestamp(issued.certificate.notValidAfter))
        } catch { throw GuardianError(.internal, "A certificate that was made cannot be used.", cause: error) }
    }
}
