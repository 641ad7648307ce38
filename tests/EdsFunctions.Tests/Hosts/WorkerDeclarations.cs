namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// What the Functions app uses of the worker packages, as declarations without a body. Whatever decides whether a call binds is
/// as in the repository Azure/azure-functions-dotnet-worker, at the versions in <c>Directory.Packages.props</c>; members and
/// interfaces that the app does not touch are left out.
/// </summary>
internal static class WorkerDeclarations
{
    public const string Source =
        """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using Microsoft.Extensions.Configuration;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Diagnostics.Metrics;
        using Microsoft.Extensions.Hosting;
        using Microsoft.Extensions.Logging;

        // Microsoft.Azure.Functions.Worker.Extensions.Abstractions
        namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
        {
            [AttributeUsage(AttributeTargets.Method)]
            public abstract class BindingAttribute : Attribute
            {
            }

            [AttributeUsage(AttributeTargets.Parameter)]
            public abstract class TriggerBindingAttribute : BindingAttribute
            {
            }
        }

        namespace Microsoft.Azure.Functions.Worker
        {
            using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

            // Microsoft.Azure.Functions.Worker.Extensions.Abstractions
            [AttributeUsage(AttributeTargets.Method)]
            public class FunctionAttribute : Attribute
            {
                public FunctionAttribute(string name) => throw null!;

                public string Name => throw null!;
            }

            // Microsoft.Azure.Functions.Worker.Extensions.Http
            public enum AuthorizationLevel
            {
                Anonymous = 0,
                User = 1,
                Function = 2,
                System = 3,
                Admin = 4,
            }

            public sealed class HttpTriggerAttribute : TriggerBindingAttribute
            {
                public HttpTriggerAttribute() => throw null!;

                public HttpTriggerAttribute(params string[] methods) => throw null!;

                public HttpTriggerAttribute(AuthorizationLevel authLevel) => throw null!;

                public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) => throw null!;

                public string? Route { get; set; }

                public string[]? Methods => throw null!;

                public AuthorizationLevel AuthLevel => throw null!;
            }

            // Microsoft.Azure.Functions.Worker.Extensions.Timer
            public sealed class TimerTriggerAttribute : TriggerBindingAttribute
            {
                public TimerTriggerAttribute(string schedule) => throw null!;

                public string Schedule => throw null!;

                public bool UseMonitor { get; set; }

                public bool RunOnStartup { get; set; }
            }

            public class TimerInfo
            {
                public ScheduleStatus? ScheduleStatus { get; set; }

                public bool IsPastDue { get; set; }
            }

            public class ScheduleStatus
            {
                public DateTime Last { get; set; }

                public DateTime Next { get; set; }

                public DateTime LastUpdated { get; set; }
            }
        }

        // Microsoft.Azure.Functions.Worker, and its extension method of .Worker.Extensions.Http.AspNetCore
        namespace Microsoft.Azure.Functions.Worker.Builder
        {
            public class FunctionsApplication
            {
                public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw null!;
            }

            public class FunctionsApplicationBuilder : IHostApplicationBuilder
            {
                internal FunctionsApplicationBuilder(string[]? args) => throw null!;

                public IDictionary<object, object> Properties => throw null!;

                IConfigurationManager IHostApplicationBuilder.Configuration => throw null!;

                public ConfigurationManager Configuration => throw null!;

                public IHostEnvironment Environment => throw null!;

                public ILoggingBuilder Logging => throw null!;

                public IMetricsBuilder Metrics => throw null!;

                public IServiceCollection Services => throw null!;

                public IHost Build() => throw null!;

                public void ConfigureContainer<TContainerBuilder>(
                    IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
                    where TContainerBuilder : notnull => throw null!;
            }

            public static class FunctionsApplicationBuilderAspNetCoreExtensions
            {
                public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(
                    this FunctionsApplicationBuilder builder) => throw null!;
            }
        }

        // Microsoft.Azure.Functions.Worker.OpenTelemetry
        namespace Microsoft.Azure.Functions.Worker.OpenTelemetry
        {
            using global::OpenTelemetry;

            public static class ConfigureFunctionsOpenTelemetry
            {
                public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder) => throw null!;
            }
        }
        """;
}
