import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A peer on Java's SSLSocket. Its command line is the one that others.py describes. */
public class Peer {
    private final Map<String, String> options = new HashMap<>();
    /** Creation times of sessions: a session seen before was resumed. */
    private final Map<String, Boolean> seen = Collections.synchronizedMap(new HashMap<>());

    private Peer(String[] words, int from) {
        for (String word : Arrays.copyOfRange(words, from, words.length)) {
            int cut = word.indexOf('=');
            options.put(word.substring(0, cut), word.substring(cut + 1));
        }
    }

    private static Certificate[] certificates(String file) throws Exception {
        try (InputStream in = new FileInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(new Certificate[0]);
        }
    }

    private static PrivateKey key(String file) throws Exception {
        String pem = Files.readString(Path.of(file));
        String base64 = pem.replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        for (String kind : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(spec);
            } catch (java.security.spec.InvalidKeySpecException another) {
                continue;
            }
        }
        throw new IllegalArgumentException(file);
    }

    private SSLContext context() throws Exception {
        char[] password = "none".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (options.containsKey("cert")) {
            keys.setKeyEntry("ours", key(options.get("key")), password, certificates(options.get("cert")));
        }
        KeyManagerFactory ours = KeyManagerFactory.getInstance("SunX509");
        ours.init(keys, password);
        TrustManagerFactory theirs = TrustManagerFactory.getInstance("PKIX");
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        if (options.containsKey("ca")) {
            int n = 0;
            for (Certificate root : certificates(options.get("ca"))) {
                roots.setCertificateEntry("root" + n++, root);
            }
        }
        theirs.init(roots);
        SSLContext context = SSLContext.getInstance("TLSv1.2");
        context.init(ours.getKeyManagers(), options.containsKey("ca") ? theirs.getTrustManagers() : null, null);
        return context;
    }

    private SSLParameters parameters(SSLParameters p) {
        p.setProtocols(new String[] {"TLSv1.2"});
        if (options.containsKey("alpn")) {
            p.setApplicationProtocols(options.get("alpn").split(","));
        }
        return p;
    }

    private void facts(SSLSocket socket) {
        SSLSession session = socket.getSession();
        String id = Base64.getEncoder().encodeToString(session.getId()) + session.getCreationTime();
        boolean resumed = seen.put(id, true) != null;
        boolean peer;
        try {
            peer = session.getPeerCertificates().length > 0;
        } catch (IOException none) {
            peer = false;
        }
        String alpn = socket.getApplicationProtocol();
        System.out.printf("facts version=%s suite=%s alpn=%s resumed=%s peer=%s%n", session.getProtocol(),
                session.getCipherSuite(), alpn == null || alpn.isEmpty() ? "-" : alpn, resumed ? "yes" : "no",
                peer ? "yes" : "no");
    }

    private void echo(SSLSocket socket) {
        try (socket) {
            socket.startHandshake();
            facts(socket);
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException why) {
            System.out.println("failed " + why);
        }
    }

    private void serve() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context().getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        SSLParameters p = parameters(listener.getSSLParameters());
        p.setNeedClientAuth(options.containsKey("ca"));
        listener.setSSLParameters(p);
        System.out.println("listening " + listener.getLocalPort());
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            new Thread(() -> echo(socket)).start();
        }
    }

    private void connect(int port) throws Exception {
        byte[] line = (new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        SSLContext context = context();
        int times = Integer.parseInt(options.getOrDefault("times", "1"));
        for (int i = 0; i < times; i++) {
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                SSLParameters p = parameters(socket.getSSLParameters());
                p.setServerNames(java.util.List.of(new SNIHostName(options.get("name"))));
                p.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(p);
                socket.startHandshake();
                OutputStream out = socket.getOutputStream();
                out.write(line);
                byte[] back = socket.getInputStream().readNBytes(line.length);
                if (!Arrays.equals(back, line)) {
                    throw new IOException("another line came back");
                }
                facts(socket);
                socket.shutdownOutput();
                if (socket.getInputStream().read() != -1) {
                    throw new IOException("no clean end");
                }
            }
        }
    }

    public static void main(String[] words) throws Exception {
        if (words[0].equals("serve")) {
            new Peer(words, 1).serve();
        } else {
            new Peer(words, 2).connect(Integer.parseInt(words[1]));
        }
    }
}
