package dev.outpost.cdk;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogMaxAggregationInterval;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * Where tasks are. Nothing can reach them; they reach the internet by HTTPS alone, for an agent
 * needs its model's API, git hosts and package registries, whose addresses change daily.
 *
 * <p>Without NAT gateways tasks have public addresses and the network costs nothing while no task
 * runs. S3, which serves the layers of images and takes artifacts, is reached by a free gateway
 * endpoint. Functions are not in this network: they speak to AWS's own endpoints only.
 */
final class Network extends Construct {
  private static final int HTTPS = 443;

  /**
   * Two zones, so that the loss of one leaves the other; 8,190 addresses each, a task takes one.
   */
  private static final int ZONES = 2;

  private static final int SUBNET_BITS = 19;

  private final Vpc vpc;
  private final SecurityGroup tasks;
  private final SubnetType subnets;

  Network(Construct scope, Settings settings) {
    super(scope, "network");
    subnets = settings.publicTasks() ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS;
    vpc =
        Vpc.Builder.create(this, "vpc")
            .vpcName("outpost-" + settings.stage())
            .ipAddresses(IpAddresses.cidr("10.0.0.0/16"))
            .maxAzs(ZONES)
            .natGateways(settings.natGateways())
            .subnetConfiguration(
                settings.publicTasks()
                    ? List.of(subnet("tasks", SubnetType.PUBLIC, SUBNET_BITS))
                    : List.of(
                        subnet("nat", SubnetType.PUBLIC, 26),
                        subnet("tasks", SubnetType.PRIVATE_WITH_EGRESS, SUBNET_BITS)))
            .gatewayEndpoints(
                Map.of(
                    "s3",
                    GatewayVpcEndpointOptions.builder()
                        .service(GatewayVpcEndpointAwsService.S3)
                        .build()))
            .flowLogs(Map.of("flows", flowLogs(settings)))
            .build();
    tasks =
        SecurityGroup.Builder.create(this, "tasks")
            .vpc(vpc)
            .description("Containers of agents: nothing comes in, HTTPS goes out")
            .allowAllOutbound(false)
            .build();
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), "Models, git hosts, registries, Outpost");
    if (settings.interfaceEndpoints()) {
      interfaceEndpoints();
    }
  }

  private static SubnetConfiguration subnet(String name, SubnetType type, int bits) {
    return SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(bits).build();
  }

  private FlowLogOptions flowLogs(Settings settings) {
    LogGroup group =
        LogGroup.Builder.create(this, "flow-logs")
            .logGroupName("/outpost/" + settings.stage() + "/flows")
            .retention(Retention.days(settings.logDays()))
            .removalPolicy(settings.keep() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    return FlowLogOptions.builder()
        .destination(FlowLogDestination.toCloudWatchLogs(group))
        .trafficType(FlowLogTrafficType.ALL)
        .maxAggregationInterval(FlowLogMaxAggregationInterval.TEN_MINUTES)
        .build();
  }

  /** Image manifests and log lines by private addresses; each endpoint is paid by the hour. */
  private void interfaceEndpoints() {
    SecurityGroup endpoints =
        SecurityGroup.Builder.create(this, "endpoints")
            .vpc(vpc)
            .description("Private endpoints: HTTPS from containers of agents")
            .allowAllOutbound(false)
            .build();
    endpoints.addIngressRule(tasks, Port.tcp(HTTPS), "HTTPS from containers of agents");
    Map<String, InterfaceVpcEndpointAwsService> services =
        Map.of(
            "ecr-api", InterfaceVpcEndpointAwsService.ECR,
            "ecr-docker", InterfaceVpcEndpointAwsService.ECR_DOCKER,
            "logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS);
    services.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            service ->
                vpc.addInterfaceEndpoint(
                    service.getKey(),
                    InterfaceVpcEndpointOptions.builder()
                        .service(service.getValue())
                        .subnets(SubnetSelection.builder().subnetType(subnets).build())
                        .securityGroups(List.of(endpoints))
                        .open(false)
                        .build()));
  }

  Vpc vpc() {
    return vpc;
  }

  /** Ids of the subnets that tasks run in. */
  List<String> subnetIds() {
    return vpc.selectSubnets(SubnetSelection.builder().subnetType(subnets).build()).getSubnetIds();
  }

  /** The id of the security group of tasks. */
  String securityGroupId() {
    return tasks.getSecurityGroupId();
  }
}
