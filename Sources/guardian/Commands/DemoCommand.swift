import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Runs two cameras with real footage, the AI service, an edge and a node on this machine.",
        discussion: """
            Example: guardian demo
            Example: guardian demo --headless --for 60 --state /tmp/guardian-demo
            Example: guardian demo --footage holiday.mp4
            Example: guardian demo --s3 https://s3.example.org (keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)
            """)

    @Flag(help: "Do not suggest a browser; print events and, at the end, a summary as JSON.")
    var headless = false

    @Option(name: .customLong("for"), help: "Stop this many seconds after everything is up.")
    var seconds: Int?

    @Option(help: "Keep all files in this folder; without it they are removed at the end.")
    var state: String?

    @Option(help: "A video file to show instead of the demo's own (repeatable): each becomes a camera.")
    var footage: [String] = []

    @Option(help: "The number of cameras; video files are used more than once when there are fewer.")
    var cameras: Int?

    @Option(
        name: .customLong("s3"),
        help: "Archive into this S3 server instead of a folder; keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    var endpoint: String?

    @Option(help: "The bucket on the S3 server.")
    var bucket = "guardian-demo"

    @Option(help: "The port of the edge's web UI; 0 lets the system choose.")
    var webPort = 8480

    @Option(help: "The port of the node's gRPC.")
    var nodePort = 9443

    @Option(help: "The port of the node's web API.")
    var nodeWebPort = 8490

    @Option(help: "The port where the node enrols recorders of other households; 0 lets the system choose.")
    var nodeEnrolmentPort = 0

    @Option(help: "The port of the demo's cameras.")
    var cameraPort = 8554

    func validate() throws {
        if let seconds, !(1...86_400).contains(seconds) {
            throw ValidationError("--for takes 1 to 86400 seconds.")
        }
        if let cameras, !(1...16).contains(cameras) { throw ValidationError("--cameras takes 1 to 16.") }
        for port in [webPort, nodePort, nodeWebPort, nodeEnrolmentPort, cameraPort] where !(0...65535).contains(port) {
            throw ValidationError("A port is a number from 0 to 65535.")
        }
        if let endpoint, S3Endpoint(endpoint) == nil {
            throw ValidationError("--s3 takes an address such as https://s3.example.org, without user, path or query.")
        }
        if BucketName(bucket) == nil { throw ValidationError("--bucket takes 3 to 63 of a–z, 0–9 and -.") }
        for file in footage where !FileManager.default.isReadableFile(atPath: file) {
            throw ValidationError("\(file) cannot be read: name a video file that exists.")
        }
    }

    func run() async throws {
        let folder = try DemoFolder(keeping: state)
        defer { folder.removeUnlessKept() }
        let ports = try DemoPorts(
            web: webPort, node: nodePort, nodeWeb: nodeWebPort, enrolment: nodeEnrolmentPort, cameras: cameraPort)
        let scenes = try DemoScenes(footage: footage, count: cameras)
        let archive = try endpoint.map { try DemoArchive(endpoint: $0, bucket: bucket) }
        let demo = Demo(
            folder: folder, ports: ports, scenes: scenes, archive: archive, headless: headless, seconds: seconds)
        let summary = try await demo.run()
        guard demo.printsSummary else { return }
        guard let summary else { throw ExitCode(1) }
        Console.line(try summary.json())
        if !summary.wholePathWorked { throw ExitCode(1) }
    }
}
