import Foundation
import GuardianConfiguration
import GuardianCore

/// The configuration files of the demo's node and edge.
enum DemoConfiguration {
    static func edge(folder: DemoFolder, ports: DemoPorts, scenes: DemoScenes) throws -> String {
        let cameras = try scenes.scenes.map { scene in
            try """
              - id: \(scene.alias)
                name: \(YAMLScalar.quoted(scene.name))
                source: \(YAMLScalar.quoted("rtsp://127.0.0.1:\(ports.cameras)/\(scene.alias)"))
            """
        }
        return try """
        # Written by guardian demo.
        state: \(YAMLScalar.quoted(folder.file("edge")))
        web: {address: 127.0.0.1, port: \(ports.web), authority: \(YAMLScalar.quoted(folder.webAuthority))}
        node:
          address: "localhost:\(ports.node)"
          certificate: \(YAMLScalar.quoted(folder.file("certificates/edge.pem")))
          key: \(YAMLScalar.quoted(folder.file("certificates/edge.key")))
          authority: \(YAMLScalar.quoted(folder.file("certificates/authority.pem")))
          relay: true
        archive: {recipientsFile: \(YAMLScalar.quoted(folder.file("recipients")))}
        recording: {keepFreeMegabytes: 256}
        cameras:
        \(cameras.joined(separator: "\n"))

        """
    }

    static func node(folder: DemoFolder, ports: DemoPorts, archive: DemoArchive?) throws -> String {
        let place = try archive?.section ?? "{folder: \(YAMLScalar.quoted(folder.file("archive")))}"
        return try """
        # Written by guardian demo.
        state: \(YAMLScalar.quoted(folder.file("node")))
        grpc:
          address: 127.0.0.1
          port: \(ports.node)
          certificate: \(YAMLScalar.quoted(folder.file("certificates/node.pem")))
          key: \(YAMLScalar.quoted(folder.file("certificates/node.key")))
          authority: \(YAMLScalar.quoted(folder.file("certificates/authority.pem")))
        web: {address: 127.0.0.1, port: \(ports.nodeWeb), authority: \(YAMLScalar.quoted(folder.webAuthority))}
        enrolment: {address: 127.0.0.1, port: \(ports.enrolment)}
        archive: \(place)

        """
    }
}
