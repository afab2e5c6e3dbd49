import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Shows what is wrong with an edge or a node, and what to do.",
        discussion: """
            Example: guardian doctor
            Example: guardian doctor --config edge.yaml --verify --node https://localhost:8490 --token-file node.token --authority node-authority.pem
            """)

    @Option(help: "The configuration of the recorder or node.")
    var config = "/etc/guardian/edge.yaml"

    @OptionGroup var changes: ConfigurationChanges

    @Flag(help: "Also check every signature, link and clip, and the audit log: takes as long as reading all of them.")
    var verify = false

    @Flag(help: "After a disk was replaced for good: use the folders of clips and pictures as they are now.")
    var acceptDisk = false

    @Flag(help: "After the recorder was off for days: the clock is right, and clips may be deleted for their age.")
    var acceptClock = false

    @Flag(help: "Print the findings as JSON.")
    var json = false

    @Option(help: "The node's web address: comparing with its entries shows whether the end of the journal is missing.")
    var node: String?

    @OptionGroup var proof: ServerProofOptions

    func run() async throws {
        let examination = try Examination(changes.open(config).root)
        if acceptDisk {
            for folder in try examination.acceptDisks() { Console.note("\(folder) is used from now on.") }
        }
        if acceptClock {
            try examination.acceptClock()
            Console.note("The clock is believed from now on.")
        }
        var findings = examination.machine()
        if verify {
            let report: EdgeReport?
            if let node {
                report = try await NodeReports(server: proof.server(node)).report(of: examination.deviceKey())
            } else {
                report = nil
            }
            let verification = try examination.verify(beside: report)
            findings += verification.findings
            if !json {
                Console.note(
                    "Checked \(verification.entries) entries in \(verification.chains) chains, \(verification.events) "
                        + "events, \(verification.clips) clips, \(verification.files) files.")
            }
            findings += examination.audit()
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Console.line(String(decoding: try encoder.encode(["items": findings]), as: UTF8.self))
        } else if findings.isEmpty {
            Console.line("No problems found.")
        } else {
            for finding in findings {
                Console.line("\(finding.severity.rawValue): \(finding.what) (\(finding.where)) \(finding.remedy)")
            }
        }
        if !json, let fingerprint = examination.authority.flatMap(AuthorityFingerprint.init(file:)) {
            Console.note("The web server's authority has the fingerprint SHA-256 \(fingerprint).")
        }
        if !findings.isEmpty { throw ExitCode(1) }
    }
}
