import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianWire
import Logging

/// The certificates of the demo's servers.
enum DemoCertificates {
    /// Makes the authority of both web servers, unless the folder has it, and writes its certificate to `web-authority.pem`.
    static func makeWeb(in folder: DemoFolder) throws {
        let tls = try WebTLSConfiguration(names: [], certificate: nil, key: nil, authority: folder.webAuthority)
        let state = folder.file("edge")
        _ = try WebCertificates(
            tls, state: state, server: "edge", logger: Logger(label: "guardian.demo") { _ in SwiftLogNoOpLogHandler() })
        guard let file = tls.authorityFile(state: state), let pem = FileManager.default.contents(atPath: file) else {
            throw GuardianError(.internal, "The demo's web authority was not made.")
        }
        try folder.write(String(decoding: pem, as: UTF8.self), to: "web-authority.pem")
    }

    /// Writes certificates with which node and edge trust each other, valid for thirty days, from an authority whose private key never
    /// leaves this process. Those of an earlier run are replaced.
    static func make(in folder: DemoFolder) throws {
        let device = try DeviceKey.open(path: folder.file("edge/device.key"))
        let authority = try CertificateAuthority(name: "Guardian demo", days: 30)
        let authorityPEM = try authority.certificatePEM()
        let certificates = folder.file("certificates")
        try authority.issueNode().write(
            to: CredentialFiles(folder: certificates, name: "node"), authorityPEM: authorityPEM)
        try authority.issueEdge(fingerprint: device.publicKey.fingerprint).write(
            to: CredentialFiles(folder: certificates, name: "edge"), authorityPEM: authorityPEM)
    }
}
