import Foundation
import GuardianCore
import GuardianJournal
import GuardianWire

/// Certificates from a temporary authority, whose private key never leaves this process.
enum DemoCertificates {
    /// Writes certificates for the node and the edge, valid for a week. Those of an earlier run are replaced.
    static func make(in folder: DemoFolder) throws {
        let device = try DeviceKey.open(path: folder.file("edge/device.key"))
        let authority = try CertificateAuthority(name: "Guardian demo", days: 7)
        let authorityPEM = try authority.certificatePEM()
        let certificates = folder.file("certificates")
        try authority.issueNode().write(
            to: CredentialFiles(folder: certificates, name: "node"), authorityPEM: authorityPEM)
        try authority.issueEdge(fingerprint: device.publicKey.fingerprint).write(
            to: CredentialFiles(folder: certificates, name: "edge"), authorityPEM: authorityPEM)
    }
}
