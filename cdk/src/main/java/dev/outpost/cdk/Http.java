package dev.outpost.cdk;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.functions.api.RouteKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpLambdaAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpLambdaResponseType;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.services.apigateway.AccessLogFormat;
import software.amazon.awscdk.services.apigatewayv2.CorsHttpMethod;
import software.amazon.awscdk.services.apigatewayv2.CorsPreflightOptions;
import software.amazon.awscdk.services.apigatewayv2.DomainMappingOptions;
import software.amazon.awscdk.services.apigatewayv2.DomainName;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.HttpMethod;
import software.amazon.awscdk.services.apigatewayv2.HttpNoneAuthorizer;
import software.amazon.awscdk.services.apigatewayv2.HttpRoute;
import software.amazon.awscdk.services.apigatewayv2.HttpRouteKey;
import software.amazon.awscdk.services.apigatewayv2.HttpStage;
import software.amazon.awscdk.services.apigatewayv2.IAccessLogSettings;
import software.amazon.awscdk.services.apigatewayv2.IHttpRouteAuthorizer;
import software.amazon.awscdk.services.apigatewayv2.LogGroupLogDestination;
import software.amazon.awscdk.services.apigatewayv2.SecurityPolicy;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * The HTTP API of clients: the routes of the function's own list, one by one. What is no route API
 * Gateway refuses with a 404 of its own, and no function is paid for it.
 *
 * <p>The authoriser's verdicts are not kept: a revoked key works until the next request and no
 * longer, and a kept verdict would outlive its key. Without a cache it needs no identity source, so
 * that it is asked also when a header is missing and the refusal is worded by us; it reads both
 * headers that a key may come in. See functions/authorizer/RATIONALE.md.
 */
final class Http extends Construct {
  private final HttpApi api;

  Http(Construct scope, Settings settings) {
    super(scope, "http");
    HttpApi.Builder builder =
        HttpApi.Builder.create(this, "api")
            .apiName("outpost-" + settings.stage())
            .createDefaultStage(false)
            .disableExecuteApiEndpoint(settings.domainName().isPresent());
    if (!settings.corsOrigins().isEmpty()) {
      builder.corsPreflight(
          CorsPreflightOptions.builder()
              .allowOrigins(settings.corsOrigins())
              .allowMethods(List.of(CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE))
              .allowHeaders(
                  List.of("authorization", "content-type", "idempotency-key", "x-api-key"))
              .maxAge(Duration.hours(1))
              .build());
    }
    api = builder.build();
    HttpStage.Builder stage =
        HttpStage.Builder.create(this, "stage")
            .httpApi(api)
            .stageName("$default")
            .autoDeploy(true)
            .throttle(
                ThrottleSettings.builder()
                    .rateLimit(settings.requestsPerSecond())
                    .burstLimit(settings.requestBurst())
                    .build())
            .accessLogSettings(accessLog(settings));
    settings
        .domainName()
        .ifPresent(
            name ->
                stage.domainMapping(
                    DomainMappingOptions.builder().domainName(domain(name, settings)).build()));
    stage.build();
    String url =
        settings.domainName().map(name -> "https://" + name).orElseGet(api::getApiEndpoint);
    CfnOutput.Builder.create(this, "url").description("The API").value(url).build();
  }

  private DomainName domain(String name, Settings settings) {
    DomainName domain =
        DomainName.Builder.create(this, "domain")
            .domainName(name)
            .certificate(
                Certificate.fromCertificateArn(
                    this, "certificate", settings.certificateArn().orElseThrow()))
            .securityPolicy(SecurityPolicy.TLS_1_2)
            .build();
    CfnOutput.Builder.create(this, "domain-target")
        .description("Where the DNS name " + name + " must point to (CNAME or alias)")
        .value(domain.getRegionalDomainName())
        .build();
    return domain;
  }

  /**
   * One line of JSON for each request, also for those that no function sees. The group's name
   * begins as AWS asks for logs that a service delivers: for others each delivery makes a policy
   * longer that has an end (CloudWatch Logs User Guide, "Enable logging from AWS services").
   */
  private IAccessLogSettings accessLog(Settings settings) {
    LogGroup group =
        LogGroup.Builder.create(this, "access-log")
            .logGroupName("/aws/vendedlogs/outpost/" + settings.stage() + "/access")
            .retention(Retention.days(settings.logDays()))
            .removalPolicy(settings.keep() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    Map<String, String> line = new LinkedHashMap<>();
    line.put("requestId", "$context.requestId");
    line.put("time", "$context.requestTime");
    line.put("ip", "$context.identity.sourceIp");
    line.put("route", "$context.routeKey");
    line.put("status", "$context.status");
    line.put("bytes", "$context.responseLength");
    line.put("milliseconds", "$context.responseLatency");
    line.put("access", "$context.authorizer.access");
    line.put("tenantId", "$context.authorizer.tenantId");
    line.put("keyId", "$context.authorizer.keyId");
    line.put("error", "$context.error.message");
    line.put("integrationError", "$context.integrationErrorMessage");
    line.put("authorizerError", "$context.authorizer.error");
    AccessLogFormat format;
    try {
      format = AccessLogFormat.custom(JSON.std.asString(line));
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
    return new AccessLog(new LogGroupLogDestination(group), format);
  }

  /** Adds the routes. */
  void routes(Alias authorizer, Alias api) {
    HttpLambdaAuthorizer asked =
        HttpLambdaAuthorizer.Builder.create("authorizer", authorizer)
            .authorizerName("authorizer")
            .responseTypes(List.of(HttpLambdaResponseType.SIMPLE))
            .identitySource(List.of())
            .resultsCacheTtl(Duration.seconds(0))
            .build();
    HttpNoneAuthorizer nobody = new HttpNoneAuthorizer();
    HttpLambdaIntegration toApi = new HttpLambdaIntegration("to-api", api);
    for (RouteKey key : RouteKey.values()) {
      HttpRoute made = route(key.method(), key.path(), toApi, key.authorised() ? asked : nobody);
      if (!key.authorised()) {
        Findings.openRoute(made, "Health is for everybody: it tells nothing of any tenant.");
      }
    }
  }

  private HttpRoute route(
      String method, String path, HttpLambdaIntegration to, IHttpRouteAuthorizer authorizer) {
    return HttpRoute.Builder.create(this, method + " " + path.substring(1).replace('/', ' '))
        .httpApi(api)
        .routeKey(HttpRouteKey.with(path, HttpMethod.valueOf(method)))
        .integration(to)
        .authorizer(authorizer)
        .build();
  }

  HttpApi api() {
    return api;
  }
}
