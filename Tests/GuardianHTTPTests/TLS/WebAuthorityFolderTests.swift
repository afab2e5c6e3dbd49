import Foundation
import GuardianCore
import GuardianTestKit
import Testing

import GuardianHTTP

@Suite("The web authority's folder")
struct WebAuthorityFolderTests {
    private let place = TemporaryFolder()
    private let machine = Machine(name: "recorder", addresses: ["192.168.1.20"])
    private var folder: WebAuthorityFolder { WebAuthorityFolder(path: place.path("web-authority")) }
    private var names: CertifiedNames { CertifiedNames(of: machine, configured: []) }

    private func open() throws -> WebAuthorityFolder.Opened {
        try folder.open(machine: machine, names: names, now: Sample.start)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("the authority is made once, and its key is its owner's alone")
    func made() throws {
        let first = try open()
        #expect(first.isNew)
        let second = try open()
        #expect(!second.isNew)
        #expect(second.authority.certificate == first.authority.certificate)
        #expect(try mode(folder.path) == 0o700)
        #expect(try mode(folder.path + "/authority-key.pem") == 0o600)
        #expect(try mode(folder.certificate) == 0o644)
        #expect(try files() == ["authority-key.pem", "authority.pem"])
    }

    @Test("of several that make it at once, all have the same one")
    func exclusive() async throws {
        let made = try await withThrowingTaskGroup(of: WebAuthorityFolder.Opened.self) { group in
            for _ in 0..<8 { group.addTask { try open() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(made.count { $0.isNew } == 1)
        #expect(Set(made.map(\.authority.certificate)).count == 1)
        #expect(try files() == ["authority-key.pem", "authority.pem"])
    }

    @Test("a certificate that is missing or damaged is made again under the same name", arguments: [nil, "", "junk"])
    func certificate(_ text: String?) throws {
        let first = try open().authority
        if let text {
            try Data(text.utf8).write(to: URL(filePath: folder.certificate))
        } else {
            try FileManager.default.removeItem(atPath: folder.certificate)
        }
        let second = try open()
        #expect(second.isNew)
        #expect(second.authority.certificate.subject == first.certificate.subject)
        #expect(second.authority.certificate.publicKey == first.certificate.publicKey)
        #expect(second.setAside.count == (text == nil ? 0 : 1))
        let issued = try first.issue(for: names, now: Sample.start)
        #expect(!issued.hasToBeRenewed(by: second.authority, for: names, now: Sample.start))
    }

    @Test("a damaged key is set aside with its certificate, and another authority begins", arguments: ["", "junk"])
    func key(_ text: String) throws {
        let first = try open().authority
        let file = folder.path + "/authority-key.pem"
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        let second = try open()
        #expect(second.isNew)
        #expect(second.authority.certificate.publicKey != first.certificate.publicKey)
        #expect(second.setAside.count == 2)
        #expect(try String(contentsOfFile: try #require(second.setAside.first), encoding: .utf8) == text)
        #expect(try files().count == 4)
        #expect(try !open().isNew)
    }

    @Test("without its key the authority's certificate is kept aside")
    func missingKey() throws {
        _ = try open()
        try FileManager.default.removeItem(atPath: folder.path + "/authority-key.pem")
        let second = try open()
        #expect(second.isNew && second.setAside.count == 1)
    }

    @Test("a key that others may read is refused with what to do")
    func readableKey() throws {
        _ = try open()
        let file = folder.path + "/authority-key.pem"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let error = try #require(throws: GuardianError.self) { _ = try open() }
        #expect(error.code == .permissionDenied)
        #expect(error.message.contains("chmod 600"))
    }
}
