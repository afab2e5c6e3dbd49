// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; dependencies keep their own settings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

/// The same for our C: scripts/audit checks it with these flags as well.
let strictC: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let grpc: Target.Dependency = .product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport: Target.Dependency = .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let grpcProtobuf: Target.Dependency = .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbirdHTTP2: Target.Dependency = .product(name: "HummingbirdHTTP2", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A room of the house: a library target with the settings that all of ours share.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests' own code is not optimised: that halves the time of its compilation, which is a third of a build. What it tests is.
let testSettings = strict + [.unsafeFlags(["-Onone"])]

/// The tests that stand beside a room.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: testSettings)
}

let package = Package(
    name: "guardian",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "guardian", targets: ["guardian"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.1"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", from: "2.9.0"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf.git", from: "2.4.0"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        room("GuardianCore", []),
        .target(name: "CSandbox", cSettings: strictC),
        room("GuardianOperations", ["GuardianCore", "CSandbox", lifecycle, logging, metrics]),
        room("GuardianConfiguration", ["GuardianCore", yams, configuration]),
        room("GuardianStorage", ["GuardianCore", "GuardianOperations", grdb]),
        room("GuardianJournal", ["GuardianCore", "GuardianOperations", "GuardianStorage", grdb, crypto]),
        room("GuardianTelemetry", ["GuardianCore", "GuardianOperations", "GuardianStorage", grdb, lifecycle, logging]),
        room(
            "GuardianWire",
            [
                "GuardianCore", "GuardianOperations", "GuardianTelemetry", crypto, x509, grpc, grpcProtobuf,
                grpcTransport, protobuf,
                nioCore,
                nioSSL,
            ]),
        .systemLibrary(name: "CLibXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        room("GuardianClients", ["GuardianCore", "CLibXML", crypto]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat libavcodec libavutil libswscale",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"])]),
        room("GuardianMedia", ["GuardianCore", "GuardianOperations", "GuardianClients", "CLibAV", crypto]),
        .target(name: "COpenVINO", cSettings: strictC),
        room("GuardianVision", ["GuardianCore", "GuardianOperations", "COpenVINO", crypto]),
        room("GuardianWatch", ["GuardianCore", "GuardianMedia", "GuardianVision"]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        room("GuardianIdentity", ["GuardianCore", "GuardianOperations", "GuardianStorage", "CSodium", grdb, crypto]),
        .target(name: "CSealing", cSettings: strictC, linkerSettings: [.linkedLibrary("crypto")]),
        room(
            "GuardianArchive",
            [
                "GuardianCore", "GuardianOperations", "GuardianClients", "CSodium", "CSealing", crypto, httpClient,
                logging, nioCore, nioPosix, nioHTTP, nioFoundation, nioSSL,
            ]),
        room(
            "GuardianONVIF",
            ["GuardianCore", "GuardianClients", crypto, httpClient, logging, nioCore, nioPosix, nioHTTP, nioSSL]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        room(
            "GuardianHTTP",
            [
                "GuardianCore", "GuardianOperations", "GuardianIdentity", "GuardianTelemetry", "CZlib", "CQREncode",
                crypto,
                hummingbird, hummingbirdHTTP2, lifecycle, logging,
                nioCore, nioHTTP, nioPosix, nioSSL, nioTLS, x509,
            ],
            resources: [.copy("WebUI"), .copy("OpenAPI")]),
        room(
            "GuardianInference",
            [
                "GuardianCore", "GuardianOperations", "GuardianMedia", "GuardianVision", "GuardianWatch",
                "GuardianWire",
                grpc, grpcTransport, "GuardianConfiguration", lifecycle, logging,
            ]),
        room(
            "GuardianEdge",
            [
                "GuardianCore", "GuardianOperations", "GuardianStorage", "GuardianJournal", "GuardianTelemetry",
                "GuardianWire",
                "GuardianClients", "GuardianMedia", "GuardianVision", "GuardianIdentity", "GuardianHTTP",
                "GuardianArchive", "GuardianONVIF", grdb, grpc, grpcTransport,
                hummingbird, lifecycle, logging, "GuardianConfiguration", crypto,
            ]),
        room(
            "GuardianNode",
            [
                "GuardianCore", "GuardianOperations", "GuardianStorage", "GuardianJournal", "GuardianTelemetry",
                "GuardianWire",
                "GuardianIdentity", "GuardianHTTP", "GuardianArchive", grdb, grpc, grpcTransport, hummingbird,
                "GuardianConfiguration", lifecycle, logging, crypto, nioCore, nioPosix,
            ]),
        .executableTarget(
            name: "guardian",
            dependencies: [
                "GuardianCore", "GuardianOperations", "GuardianInference", "GuardianEdge", "GuardianNode",
                "GuardianConfiguration", "GuardianHTTP", "GuardianJournal", "GuardianVision", "GuardianWatch",
                "GuardianWire", "GuardianArchive", "GuardianIdentity", "GuardianONVIF",
                argumentParser, httpClient, lifecycle, logging, unixSignals, nioCore, nioHTTP, nioSSL, nioFoundation,
                crypto,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "journal-benchmark", dependencies: ["GuardianCore", "GuardianJournal", "GuardianNode", grdb, crypto],
            path: "Benchmarks/Journal", swiftSettings: strict),
        .executableTarget(
            name: "sealing-benchmark", dependencies: ["GuardianArchive", "GuardianCore", crypto],
            path: "Benchmarks/Sealing", swiftSettings: strict),
        .target(
            name: "GuardianTestKit",
            dependencies: [
                "GuardianCore", "GuardianMedia", "GuardianJournal", "GuardianONVIF", crypto, grpc, logging, nioCore,
                nioPosix, nioHTTP,
            ],
            path: "Tests/GuardianTestKit",
            exclude: ["rtsp-server.py", "scripted-camera.py"], swiftSettings: testSettings),
        tests("GuardianCoreTests", ["GuardianCore"]),
        tests("GuardianOperationsTests", ["GuardianOperations", "GuardianTestKit", metrics]),
        tests("GuardianConfigurationTests", ["GuardianConfiguration"]),
        tests("GuardianStorageTests", ["GuardianStorage", "GuardianTestKit", grdb]),
        tests("GuardianJournalTests", ["GuardianJournal", "GuardianTestKit", grdb, crypto]),
        tests("GuardianTelemetryTests", ["GuardianTelemetry", "GuardianCore", "GuardianTestKit", grdb]),
        tests("GuardianWireTests", ["GuardianTelemetry", "GuardianWire", "GuardianTestKit", grpc, protobuf]),
        tests("GuardianClientsTests", ["GuardianClients", "GuardianCore", "GuardianTestKit"]),
        tests("GuardianMediaTests", ["GuardianMedia", "GuardianTestKit"]),
        tests("GuardianVisionTests", ["GuardianVision"]),
        tests("GuardianWatchTests", ["GuardianWatch", "GuardianTestKit"]),
        .testTarget(
            name: "GuardianArchiveTests",
            dependencies: [
                "GuardianArchive", "GuardianCore", "GuardianOperations", "GuardianTestKit", crypto, logging, nioCore,
            ],
            exclude: ["Vectors", "Stores/Signing/oracle.py"], swiftSettings: testSettings),
        tests(
            "GuardianONVIFTests",
            [
                "GuardianONVIF", "GuardianClients", "GuardianCore", "GuardianTestKit", crypto, logging, nioCore,
                nioPosix, nioHTTP,
            ]),
        tests(
            "GuardianIdentityTests", ["GuardianIdentity", "GuardianStorage", "GuardianTestKit", grdb, crypto]),
        tests(
            "GuardianHTTPTests",
            [
                "GuardianHTTP", "GuardianIdentity", "GuardianOperations", "GuardianTestKit", crypto, httpClient,
                hummingbirdTesting, hummingbird, logging, nioCore, nioEmbedded, nioHTTP, nioPosix, nioSSL, x509,
            ]),
        tests(
            "GuardianInferenceTests",
            [
                "GuardianInference", "GuardianConfiguration", "GuardianMedia", "GuardianTestKit", "GuardianVision",
                "GuardianWatch", "GuardianWire", grpc, grpcTransport, protobuf,
            ]),
        tests(
            "GuardianEdgeTests",
            [
                "GuardianEdge", "GuardianArchive", "GuardianClients", "GuardianConfiguration", "GuardianJournal",
                "GuardianMedia", "GuardianONVIF",
                "GuardianVision", "GuardianHTTP", "GuardianIdentity", "GuardianOperations", "GuardianTelemetry",
                "GuardianTestKit", "GuardianWire",
                hummingbirdTesting, hummingbird, grdb, grpc, grpcTransport, lifecycle, protobuf, sqlite, yams,
            ]),
        tests(
            "GuardianNodeTests",
            [
                "GuardianNode", "GuardianEdge", "GuardianArchive", "GuardianIdentity", "GuardianStorage",
                "GuardianTelemetry", "GuardianTestKit",
                hummingbirdTesting, hummingbird,
                grdb, grpc, grpcTransport, protobuf, crypto,
            ]),
    ]
)
