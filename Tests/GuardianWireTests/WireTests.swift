import Foundation
import GRPCCore
import GuardianCore
import GuardianWire
import Testing
import X509

@Suite("The wire")
struct WireTests {
    @Test("has one gRPC code for each of ours, and back", arguments: GuardianError.Code.allCases)
    func codes(code: GuardianError.Code) {
        #expect(GuardianError.Code(code.rpc) == code)
        let error = GuardianError(code, "What to do.", cause: CancellationError())
        let sent = RPCError(error)
        #expect(sent.code == code.rpc)
        #expect(sent.message == "What to do.")
        #expect(GuardianError.call(sent, "The call").code == code)
    }

    @Test("names a device in an edge's certificate by its fingerprint")
    func fingerprint() throws {
        let authority = try CertificateAuthority(name: "test", days: 1)
        let hash = try #require(Hash256(bytes: Array(0..<32)))
        let edge = try authority.issueEdge(fingerprint: hash)
        #expect(try DeviceCertificate.identity(in: Certificate(pemEncoded: edge.certificatePEM)).fingerprint == hash)
        let node = try Certificate(pemEncoded: try authority.issueNode().certificatePEM)
        let error = #expect(throws: GuardianError.self) { try DeviceCertificate.identity(in: node) }
        #expect(error?.code == .unauthenticated)
    }

    @Test("writes keys for their owner alone, and refuses one that others may read")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "guardian-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority = try CertificateAuthority(name: "test", days: 1)
        let credential = try authority.issueNode()
        let files = CredentialFiles(folder: folder.path, name: "node")
        try credential.write(to: files, authorityPEM: try authority.certificatePEM())
        let mode = try FileManager.default.attributesOfItem(atPath: files.key)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect("\(credential)".contains("PRIVATE KEY") == false)
        _ = try files.serverSecurity()
        _ = try files.clientSecurity()
        #expect(chmod(files.key, 0o644) == 0)
        var error = #expect(throws: GuardianError.self) { try files.serverSecurity() }
        #expect(error?.code == .permissionDenied)
        try FileManager.default.removeItem(atPath: files.authority)
        #expect(chmod(files.key, 0o600) == 0)
        error = #expect(throws: GuardianError.self) { try files.clientSecurity() }
        #expect(error?.message.contains(files.authority) == true)
    }

    @Test("pins the journal's one method")
    func method() {
        #expect(
            Guardian_V1_JournalService.Method.descriptors.map(\.fullyQualifiedMethod)
                == ["guardian.v1.JournalService/Publish"])
    }
}
