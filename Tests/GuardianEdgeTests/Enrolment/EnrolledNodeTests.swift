import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Logging
import Synchronization
import Testing

@Suite("The node at which an edge enrolled")
struct EnrolledNodeTests {
    private let files = TemporaryFolder()
    private var folder: String { files.url.path }

    private func configuration(_ more: String = "") throws -> EdgeConfiguration {
        try .toRecord(
            ConfigurationFile(text: "state: \(folder)\n\(more)", name: "edge.yaml", othersMayRead: false).root)
    }

    @Test("is the one that is sent to when the file names none, also by a literal address")
    func origin() throws {
        #expect(try configuration().nodeOrigin == .none)
        for (host, address) in [("node.example", "node.example:9443"), ("2001:db8::1", "[2001:db8::1]:9443")] {
            try EnrolledNode(host: host, port: 9443).write(inState: folder)
            let configuration = try configuration()
            #expect(configuration.nodeOrigin == .enrolment)
            #expect(configuration.node?.address == address)
            #expect(configuration.node?.credentials == EnrolledNode.credentials(inState: folder))
        }
        try EnrolledNode.remove(inState: folder)
        try EnrolledNode.remove(inState: folder)
        #expect(try configuration().nodeOrigin == .none)
    }

    @Test("gives way to the node of the file")
    func file() throws {
        try EnrolledNode(host: "node.example", port: 9443).write(inState: folder)
        let configuration = try configuration(
            "node: {address: \"other.example:1\", certificate: /a, key: /b, authority: /c}")
        #expect(configuration.nodeOrigin == .file)
        #expect(configuration.node?.address == "other.example:1")
    }

    @Test(
        "is left out when its file is damaged, and recording goes on",
        arguments: ["", "{", "{}", "{\"address\":\"x\"}"])
    func damaged(text: String) throws {
        try EnrolledNode(host: "node.example", port: 9443).write(inState: folder)
        try Data(text.utf8).write(to: URL(filePath: EnrolledNode.path(inState: folder)))
        let configuration = try configuration()
        #expect(configuration.node == nil)
        #expect(configuration.nodeOrigin == .enrolment)
        #expect(configuration.refusals.map(\.name) == [.node])
        #expect(configuration.refusals.first?.error.message.contains("connection.json") == true)
    }

    // MARK: Changing it

    private func membership(_ configuration: EdgeConfiguration, starts: Starts) -> NodeMembership {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let key = DeviceKey()
        return NodeMembership(
            configuration, enrolment: { .ofThisHost(key: key, files: $0, logger: logger) }, logger: logger
        ) { starts.count.withLock { $0 += 1 } }
    }

    private final class Starts: Sendable {
        let count = Mutex(0)
    }

    @Test("is left once, with an entry in the audit log, and the program starts again")
    func leaving() async throws {
        try EnrolledNode(host: "node.example", port: 9443).write(inState: folder)
        let starts = Starts()
        let membership = membership(try configuration(), starts: starts)
        #expect(await membership.view.address == "node.example:9443")
        await #expect(throws: CancellationError.self) {
            try await membership.leave { _, _ in throw CancellationError() }
        }
        #expect(try EnrolledNode.read(inState: folder) != nil, "what is not in the audit log is not done")
        try await membership.leave { change, node in
            #expect(change == "left")
            #expect(node == "node.example:9443")
        }
        #expect(try EnrolledNode.read(inState: folder) == nil)
        #expect(starts.count.withLock { $0 } == 1)
        let view = await membership.view
        #expect(view.address == nil && view.origin == "none" && view.startingAgain)
        let again = await #expect(throws: GuardianError.self) { try await membership.leave { _, _ in } }
        #expect(again?.code == .aborted)
    }

    @Test("of the configuration file is not changed, nor one left that is not there")
    func refusals() async throws {
        let starts = Starts()
        let fixed = membership(
            try configuration("node: {address: \"other.example:1\", certificate: /a, key: /b, authority: /c}"),
            starts: starts)
        for change in [
            { try await fixed.leave { _, _ in } },
            { try await fixed.enrol(at: "node.example", code: Secret(Self.code)) { _, _ in } },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: GuardianError.self) { try await change() }
            #expect(error?.code == .failedPrecondition)
        }
        let none = membership(try configuration(), starts: starts)
        let error = await #expect(throws: GuardianError.self) { try await none.leave { _, _ in } }
        #expect(error?.code == .failedPrecondition)
        #expect(starts.count.withLock { $0 } == 0)
    }

    private static let code = "00000000-00000000000000000000000000-00000000000000000000000000"

    @Test(
        "is not changed by what is mistyped or does not answer, and the field is named",
        arguments: [
            ("node.example", "x", "code"), ("http://node.example", code, "node"), ("https://127.0.0.1:1", code, "node"),
        ])
    func mistyped(node: String, code: String, field: String) async throws {
        let starts = Starts()
        let membership = membership(try configuration(), starts: starts)
        let error = await #expect(throws: GuardianError.self) {
            try await membership.enrol(at: node, code: Secret(code)) { _, _ in Issue.record("nothing changes") }
        }
        #expect(error?.context["field"] == field)
        #expect(try EnrolledNode.read(inState: folder) == nil)
        #expect(starts.count.withLock { $0 } == 0)
    }
}
