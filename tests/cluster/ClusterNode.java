import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** A node with the two plugins that blogdex needs; each argument is a setting, `name=value`. Ends with its standard input. */
public class ClusterNode extends Node {
    /** 2.x calls its plugins otherwise than 3.x, and takes classes where 3.x takes descriptions of them. */
    private static final boolean OLD = Version.CURRENT.major < 3;
    private static final List<String> PLUGINS = List.of(
        "org.opensearch.transport.Netty4" + (OLD ? "" : "Module") + "Plugin",
        "org.opensearch.analysis.common.CommonAnalysis" + (OLD ? "" : "Module") + "Plugin");

    @SuppressWarnings({"unchecked", "rawtypes"})
    ClusterNode(Environment environment) throws ClassNotFoundException {
        super(environment, (Collection) plugins(), true);
    }

    private static Collection<Object> plugins() throws ClassNotFoundException {
        Collection<Object> found = new ArrayList<>();
        for (String name : PLUGINS) {
            found.add(OLD ? Class.forName(name)
                : new PluginInfo(name, "", "NA", Version.CURRENT, "21", name, null, List.of(), false));
        }
        return found;
    }

    public static void main(String[] given) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (String each : given) {
            String[] parts = each.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(Settings.EMPTY, settings, (Path) null, () -> "node");
        Node node = new ClusterNode(environment).start();
        while (System.in.read() >= 0) { }
        node.close();
        System.exit(0);
    }
}
